"""Reads signature maps: dicts of SignatureDefs made by `tf.saved_model`'s `*_signature_def` functions.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/predict_signature_def (and its neighbours)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from rewriters.exports.common import definition, string_constant
from rewriters.module_view import ModuleView
from rewriters.plan import Kind, NamedTensor, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import arguments, dict_items, dotted_name, one_line, only_small_statement, value_of

_METHOD_NAMES = {f'tensorflow/serving/{kind.value}': kind for kind in Kind}
_BUILD_SIGNATURE = 'saved_model.build_signature_def'
_BUILD_INFO = 'saved_model.build_tensor_info'


@dataclass(frozen=True)
class _Item:
    """An entry of a dict, and the index of the step that it is written in."""

    key: cst.BaseExpression
    value: cst.BaseExpression
    at: int


def _stored_item(step: Step, name: str) -> _Item | None:
    """The entry of a statement `name[key] = value`."""
    small = only_small_statement(step.node)
    target = small.targets[0].target if isinstance(small, cst.Assign) and len(small.targets) == 1 else None
    if not isinstance(small, cst.Assign) or not isinstance(target, cst.Subscript) or len(target.slice) != 1:
        return None
    index = target.slice[0].slice
    if not isinstance(index, cst.Index) or not isinstance(target.value, cst.Name) or target.value.value != name:
        return None
    return _Item(index.value, small.value, step.index)


@dataclass
class SignatureReader:
    """Reads the signatures of one site, and remembers which steps belong to them."""

    view: ModuleView
    region: Region
    steps: list[Step] = field(default_factory=list)

    def read_map(self, node: cst.BaseExpression, at: int) -> tuple[Signature, ...]:
        """The signatures of a signature_def_map argument."""
        items = self._items(node, at)
        if items is None:
            raise Refusal(f'the signature map `{one_line(node)}` is not a dict written out here', node)
        if not items:
            raise Refusal('the export has no signature: nothing in it tells what it serves', node)
        return tuple(self._signature(item.key, item.value, item.at) for item in items)

    def named_tensors(self, node: cst.BaseExpression, at: int) -> tuple[NamedTensor, ...]:
        """The entries of a dict of tensors (or of TensorInfos made by build_tensor_info)."""
        items = self._items(node, at)
        if items is None:
            raise Refusal(f'`{one_line(node)}` is not a dict of tensors written out here', node)
        return tuple(self._named_tensor(item.key, item.value, item.at) for item in items)

    def _items(self, node: cst.BaseExpression, at: int) -> list[_Item] | None:
        """The entries of a dict that is written out, or that is made first and then gets them one by one."""
        stored: list[_Item] = []
        while isinstance(node, cst.Name):
            step = self.region.reaching(node.value, at)
            item = _stored_item(step, node.value) if step is not None else None
            if step is None or item is None:
                break
            self.steps.append(step)
            stored.insert(0, item)
            at = step.index
        node, at = self._follow(node, at)
        written = dict_items(node)
        if written is None:
            return None
        items: dict[str, _Item] = {}
        for item in [*(_Item(key, value, at) for key, value in written), *stored]:
            items[self._key(item.key, item.at)] = item
        return list(items.values())

    def _follow(self, node: cst.BaseExpression, at: int) -> tuple[cst.BaseExpression, int]:
        """Follows a name to what it was assigned, and counts the assignments on the way as the site's."""
        while isinstance(node, cst.Name):
            step = self.region.reaching(node.value, at)
            value = value_of(step.node, node.value) if step is not None else None
            if step is None or value is None:
                break
            self.steps.append(step)
            node, at = value, step.index
        return node, at

    def _key(self, node: cst.BaseExpression, at: int) -> str:
        value = string_constant(self.view, self.region, node, at)
        if value is None:
            raise Refusal(f'the name `{one_line(node)}` is not a string written out here', node)
        return value

    def _named_tensor(self, key: cst.BaseExpression, value: cst.BaseExpression, at: int) -> NamedTensor:
        name = self._key(key, at)
        target, target_at, _ = definition(self.region, value, at)
        if self.view.called(target) == _BUILD_INFO and isinstance(target, cst.Call):
            self._follow(value, at)
            values = arguments(target, ['tensor'])
            if values is None or 'tensor' not in values:
                raise Refusal('build_tensor_info is called in a way that is not understood', target)
            return NamedTensor(name, values['tensor'], target_at)
        return NamedTensor(name, value, at)

    def _signature(self, key: cst.BaseExpression, value: cst.BaseExpression, at: int) -> Signature:
        key_value = self._key(key, at)
        value, at = self._follow(value, at)
        symbol = self.view.called(value)
        readers = {
            'saved_model.predict_signature_def': self._predict,
            'saved_model.classification_signature_def': self._classify,
            'saved_model.regression_signature_def': self._regress,
            _BUILD_SIGNATURE: self._built,
        }
        if symbol not in readers or not isinstance(value, cst.Call):
            raise Refusal(f'signature "{key_value}" is made by `{one_line(value)}`, which is not understood', value)
        kind, inputs, outputs = readers[symbol](value, at)
        return Signature(key, key_value, kind, inputs, outputs)

    def _predict(self, call: cst.Call, at: int) -> _Parts:
        values = _required(call, ['inputs', 'outputs'], ['inputs', 'outputs'])
        return Kind.PREDICT, self.named_tensors(values['inputs'], at), self.named_tensors(values['outputs'], at)

    def _classify(self, call: cst.Call, at: int) -> _Parts:
        values = _required(call, ['examples', 'classes', 'scores'], ['examples'])
        outputs = tuple(
            NamedTensor(name, values[name], at) for name in ('classes', 'scores') if not _is_none(values.get(name))
        )
        return Kind.CLASSIFY, (NamedTensor('inputs', values['examples'], at),), outputs

    def _regress(self, call: cst.Call, at: int) -> _Parts:
        values = _required(call, ['examples', 'predictions'], ['examples', 'predictions'])
        inputs = (NamedTensor('inputs', values['examples'], at),)
        return Kind.REGRESS, inputs, (NamedTensor('outputs', values['predictions'], at),)

    def _built(self, call: cst.Call, at: int) -> _Parts:
        values = _required(call, ['inputs', 'outputs', 'method_name'], ['inputs', 'outputs', 'method_name'])
        method_name = self._key(values['method_name'], at)
        if method_name not in _METHOD_NAMES:
            raise Refusal(f'the method name "{method_name}" is none of predict, classify and regress', call)
        kind = _METHOD_NAMES[method_name]
        return kind, self.named_tensors(values['inputs'], at), self.named_tensors(values['outputs'], at)


_Parts = tuple[Kind, tuple[NamedTensor, ...], tuple[NamedTensor, ...]]


def _required(call: cst.Call, parameters: list[str], required: list[str]) -> dict[str, cst.BaseExpression]:
    values = arguments(call, parameters)
    if values is None or any(name not in values for name in required):
        raise Refusal(f'`{one_line(call)}` is called in a way that is not understood', call)
    return values


def _is_none(node: cst.BaseExpression | None) -> bool:
    return node is None or dotted_name(node) == 'None'

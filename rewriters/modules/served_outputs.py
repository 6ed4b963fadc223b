"""What an EstimatorSpec exports: the entries of `export_outputs`, as the signatures that TF1 makes of them.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/ExportOutput
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from rewriters.exports.estimator_names import required_string
from rewriters.exports.value_kinds import ValueKind, kind_of
from rewriters.module_view import ModuleView
from rewriters.modules.captures import Reach
from rewriters.modules.functions import Effect, Functions
from rewriters.plan import Kind, Receiver
from rewriters.refusal import Refusal
from rewriters.syntax import (
    arguments,
    assigned_name,
    assigned_value,
    dict_items,
    dotted_name,
    find_all,
    name_nodes,
    one_line,
    reads,
)

DEFAULT_KEY = 'serving_default'
_OUTPUTS = {
    'estimator.export.PredictOutput': (Kind.PREDICT, ('outputs',)),
    'estimator.export.ClassificationOutput': (Kind.CLASSIFY, ('scores', 'classes')),
    'estimator.export.RegressionOutput': (Kind.REGRESS, ('value',)),
}


@dataclass(frozen=True)
class ServedOutput:
    """One signature: its key and kind, and an expression for its dict of outputs.

    `alias_of` is the key of the signature that it is another name for, if TF1 adds it.
    """

    key: str
    kind: Kind
    outputs: cst.BaseExpression
    alias_of: str = ''


@dataclass(frozen=True)
class Served:
    """The signatures, the statements whose content they hold now, and the keys that TF1 leaves out."""

    outputs: tuple[ServedOutput, ...]
    moved: tuple[cst.BaseStatement, ...]
    dropped: tuple[str, ...] = ()

    def reads(self) -> frozenset[str]:
        return frozenset().union(*(reads(output.outputs) for output in self.outputs))


def served_outputs(
    view: ModuleView, statements: Sequence[cst.BaseStatement], spec: dict[str, cst.BaseExpression], receiver: Receiver
) -> Served:
    """The signatures of a spec's `export_outputs`, with the default one that TF1 adds.

    Raises:
        Refusal: they can't be told from the source.
    """
    reader = _Reader(view, statements)
    served = Served(reader.read(spec), tuple(reader.moved))
    if all(output.kind is Kind.PREDICT for output in served.outputs) or _is_single_string(view, receiver):
        return served
    kept = tuple(output for output in served.outputs if output.kind is Kind.PREDICT)
    if not kept:
        raise Refusal('classify and regress outputs without a single string input: TF1 exports no signature for them')
    dropped = tuple(output.key for output in served.outputs if output.kind is not Kind.PREDICT)
    return replace(served, outputs=kept, dropped=dropped)


def _is_single_string(view: ModuleView, receiver: Receiver) -> bool:
    """Whether a client feeds nothing but one string tensor: else TF1 leaves classify and regress signatures out.

    Raises:
        Refusal: it can't be told.
    """
    if len(receiver.inputs) != 1:
        return False
    dtype = receiver.inputs[0].dtype.rpartition('.')
    if dtype[0] not in ('tf', 'tf.dtypes', view.tensorflow_name()):
        raise Refusal(f'the dtype `{receiver.inputs[0].dtype}` of the input decides what TF1 exports, and is not known')
    return dtype[2] == 'string'


class _Reader:
    """Reads one spec. `moved` collects the statements whose right sides went into the outputs."""

    def __init__(self, view: ModuleView, statements: Sequence[cst.BaseStatement]) -> None:
        self._view = view
        self._statements = list(statements)
        self._functions = Functions(view)
        self._reach = Reach(view, {})
        self.moved: list[cst.BaseStatement] = []

    def read(self, spec: dict[str, cst.BaseExpression]) -> tuple[ServedOutput, ...]:
        if 'export_outputs' not in spec or dotted_name(spec['export_outputs']) == 'None':
            if 'predictions' not in spec:
                raise Refusal('the EstimatorSpec has neither export_outputs nor predictions', self._statements[-1])
            return (ServedOutput(DEFAULT_KEY, Kind.PREDICT, self._outputs(spec['predictions'])),)
        node = self._followed(spec['export_outputs'])
        items = dict_items(node)
        if not items:
            raise Refusal(f'export_outputs `{one_line(node)}` is not a dict written out in one place', node)
        served = tuple(self._output(key, value) for key, value in items)
        keys = [output.key for output in served]
        if len(set(keys)) != len(keys):
            raise Refusal('export_outputs has one key twice', node)
        if DEFAULT_KEY in keys:
            return served
        if len(served) > 1:
            raise Refusal('several export_outputs, and none is the default: TF1 refuses that too', node)
        return (*served, replace(served[0], key=DEFAULT_KEY, alias_of=served[0].key))

    def _output(self, key: cst.BaseExpression, value: cst.BaseExpression) -> ServedOutput:
        name = required_string(self._view, key, 'the signature key')
        value = self._followed(value)
        kind, parameters = _OUTPUTS.get(self._view.called(value) or '', (Kind.PREDICT, ()))
        values = arguments(value, parameters) if isinstance(value, cst.Call) else None
        given = {n: v for n, v in (values or {}).items() if dotted_name(v) != 'None'}
        if not given:
            raise Refusal(f'the export output `{one_line(value)}` is not understood', value)
        if kind is Kind.PREDICT:
            return ServedOutput(name, kind, self._outputs(given['outputs']))
        if kind is Kind.REGRESS:
            return ServedOutput(name, kind, _dict({'outputs': given['value']}))
        return ServedOutput(name, kind, _dict({n: given[n] for n in ('classes', 'scores') if n in given}))

    def _outputs(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """A dict of outputs as it is; a lone tensor under TF1's name for it, `output`."""
        kind = kind_of(self._view, self._statements, node)
        if kind is ValueKind.UNKNOWN:
            raise Refusal(f'`{one_line(node)}` may be a tensor or a dict of tensors', node)
        for key, _ in dict_items(node) or ():
            required_string(self._view, key, 'the output name')
        return node if kind is ValueKind.DICT else _dict({'output': node})

    def _followed(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """What a name was plainly assigned, at a place from which its right side can move to the return statement."""
        if not isinstance(node, cst.Name):
            return node
        binding = [s for s in self._statements if node.value in self._reach.changes(s)][-1:]
        value = assigned_value(binding[0]) if binding and assigned_name(binding[0]) == node.value else None
        if value is None:
            raise Refusal(f'`{node.value}` is not assigned in one piece', node)
        self._require_movable(node, binding[0], value)
        self.moved.append(binding[0])
        return value

    def _require_movable(self, node: cst.Name, binding: cst.BaseStatement, value: cst.BaseExpression) -> None:
        since = self._statements[self._statements.index(binding) :]
        uses = [n for s in since for n in name_nodes(s) if n.value == node.value and n not in find_all(value, cst.Name)]
        if len(uses) != 2:
            raise Refusal(f'`{node.value}` is used for more than what is exported', node)
        effect = self._effect(value)
        for statement in since[1:-1]:
            changed = reads(value) & self._reach.changes(statement)
            if changed:
                raise Refusal(f'`{min(changed)}` may change after `{node.value}` is made from it', statement)
            # Variables without a name of their own get one that counts those before.
            between = self._effect(statement)
            if max(effect, between) > Effect.BUILDS_GRAPH.value and min(effect, between) > Effect.NONE.value:
                raise Refusal(f'`{node.value}` is made before other calls that may create variables', statement)

    def _effect(self, node: cst.CSTNode) -> int:
        calls = [c for c in find_all(node, cst.Call) if self._view.called(c) not in _OUTPUTS]
        return max((self._functions.effect_of_call(c).value for c in calls if isinstance(c, cst.Call)), default=0)


def _dict(items: dict[str, cst.BaseExpression]) -> cst.Dict:
    return cst.Dict([cst.DictElement(cst.SimpleString(repr(name)), value) for name, value in items.items()])

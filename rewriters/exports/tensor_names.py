"""What a person must check where the names of tensors are given to clients: they are those of the session's graph."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.syntax import assigned_name, assigned_value, code, dotted_name, find_all, one_line

# By their last words: another module of the project may hand TensorFlow out.
_SIGNS = frozenset(
    'build_signature_def build_tensor_info classification_signature_def predict_signature_def '
    'regression_signature_def simple_save'.split()
)
_WRITES = frozenset({'dump', 'dumps', 'write', 'writelines'})
_KEYS = (
    'Inputs or outputs of the signature are called after tensors (`{name}`), which TensorFlow 2 may name in another '
    'way: check that `verify` finds the same names.'
)
_HANDED_ON = (
    'Line {line} hands on `{name}`, the name of a tensor in this session. The new model has other names inside: '
    'whoever feeds or fetches by that one must go by the signature.'
)


def notes(view: ModuleView, export: cst.Call) -> list[str]:
    """A word on the names of tensors that become names of the signature, and on those that are handed on beside it."""
    scope = view.enclosing_function(export) or view.module
    calls = [call for call in view.calls if _last_word(view, call) in _SIGNS and _is_within(view, call, scope)]
    found = next((name for node in _signed(view, scope, calls) for name in _names_in_keys(node)), None)
    keys = [_KEYS.format(name=one_line(found))] if found is not None else []
    tensors = {code(value) for call in calls for value in _tensors(call)}
    handed = next(_handed_on(view, scope, tensors), None)
    if handed is None:
        return keys
    return [*keys, _HANDED_ON.format(line=view.origin(handed).line, name=one_line(handed))]


def _last_word(view: ModuleView, call: cst.Call) -> str:
    return (view.called(call) or dotted_name(call.func) or '').rpartition('.')[2]


def _is_within(view: ModuleView, node: cst.CSTNode, scope: cst.CSTNode) -> bool:
    return scope is view.module or any(outer is scope for outer in view.ancestors(node))


def _signed(view: ModuleView, scope: cst.CSTNode, calls: list[cst.Call]) -> Iterator[cst.CSTNode]:
    """The dicts of inputs and outputs: in the calls that make signatures, around these, or by a name that they get."""
    given = {argument.value.value for call in calls for argument in call.args if isinstance(argument.value, cst.Name)}
    for call in calls:
        yield from find_all(call, (cst.Dict, cst.DictComp))
        yield from (outer for outer in view.ancestors(call) if isinstance(outer, cst.Dict | cst.DictComp))
    for line in find_all(scope, cst.SimpleStatementLine):
        value = assigned_value(line)
        if assigned_name(line) in given and isinstance(value, cst.Dict | cst.DictComp):
            yield value


def _names_in_keys(node: cst.CSTNode) -> Iterator[cst.Attribute]:
    """`t.name` of `{t.name: t for t in tensors}`."""
    keys = [node.key] if isinstance(node, cst.DictComp) else []
    if isinstance(node, cst.Dict):
        keys = [element.key for element in node.elements if isinstance(element, cst.DictElement)]
    for key in keys:
        yield from (name for name in _names(key))


def _names(node: cst.CSTNode) -> Iterator[cst.Attribute]:
    attributes = (cst.ensure_type(found, cst.Attribute) for found in find_all(node, cst.Attribute))
    return (attribute for attribute in attributes if attribute.attr.value == 'name')


def _tensors(call: cst.Call) -> Iterator[cst.BaseExpression]:
    """What a call that makes a signature is given as tensors."""
    for argument in call.args:
        elements = argument.value.elements if isinstance(argument.value, cst.Dict) else ()
        yield from (element.value for element in elements)
    if len(call.args) == 1:
        yield call.args[0].value


def _handed_on(view: ModuleView, scope: cst.CSTNode, tensors: set[str]) -> Iterator[cst.Attribute]:
    """Where the name of one of the tensors is a value of a dict, or is written to a file."""
    for attribute in _names(scope):
        owner = attribute.value
        if isinstance(owner, cst.Attribute) and owner.attr.value == 'op':
            owner = owner.value
        if code(owner) in tensors and _is_kept(view, attribute):
            yield attribute


def _is_kept(view: ModuleView, node: cst.CSTNode) -> bool:
    for outer in view.ancestors(node):
        if isinstance(outer, cst.DictElement):
            return outer.key is not node and not any(inner is node for inner in find_all(outer.key, cst.Attribute))
        if isinstance(outer, cst.Call) and isinstance(outer.func, cst.Attribute) and outer.func.attr.value in _WRITES:
            return True
        if isinstance(outer, cst.BaseStatement):
            return False
    return False

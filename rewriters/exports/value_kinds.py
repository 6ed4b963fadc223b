"""Whether an expression of a function is a tensor or a dict, as far as the source tells.

An Estimator treats the two differently: it puts a lone tensor into a dict, under a name of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.syntax import dict_items, string_value
from rewriters.trees import walk

_MAKE_DICTS = frozenset({'parse_example', 'parse_single_example', 'io.parse_sequence_example'})
_MAKE_OTHERS = ('data.', 'estimator.', 'feature_column.', 'contrib.', 'keras.', 'train.', 'io.', 'lookup.')


class ValueKind(enum.Enum):
    """What a value is."""

    TENSOR = enum.auto()
    DICT = enum.auto()
    UNKNOWN = enum.auto()


def kind_of(view: ModuleView, body: Sequence[cst.CSTNode], node: cst.CSTNode) -> ValueKind:
    """The kind of an expression that stands at the end of a function's body."""
    return _Kinds(view, body).of(node)


class _Kinds:
    def __init__(self, view: ModuleView, body: Sequence[cst.CSTNode]) -> None:
        self._view = view
        self._assignments = [a for statement in body for a in walk(statement) if isinstance(a, cst.Assign)]
        self._open: set[str] = set()

    def of(self, node: cst.CSTNode) -> ValueKind:
        if isinstance(node, cst.Dict | cst.DictComp):
            return ValueKind.DICT
        if isinstance(node, cst.BinaryOperation | cst.UnaryOperation):
            return ValueKind.TENSOR
        if isinstance(node, cst.Subscript):
            return self._of_entry(node)
        if isinstance(node, cst.Call):
            return self._of_call(node)
        return self._of_name(node) if isinstance(node, cst.Name) else ValueKind.UNKNOWN

    def _of_entry(self, node: cst.Subscript) -> ValueKind:
        """A part of a tensor or one of the features is a tensor; a dict written out may hold dicts."""
        if _is(node.value, 'features') or self.of(node.value) is ValueKind.TENSOR:
            return ValueKind.TENSOR
        index = node.slice[0].slice
        key = string_value(index.value) if isinstance(index, cst.Index) and len(node.slice) == 1 else None
        values = self._assigned(node.value.value) if isinstance(node.value, cst.Name) else [node.value]
        items = [item for value in values for item in dict_items(value) or ()]
        entries = [value for name, value in items if key is not None and string_value(name) == key]
        return self.of(entries[0]) if len(entries) == 1 else ValueKind.UNKNOWN

    def _assigned(self, name: str) -> list[cst.BaseExpression]:
        """The right sides of the plain assignments to a name."""
        return [a.value for a in self._assignments if any(_is(t.target, name) for t in a.targets)]

    def _of_call(self, node: cst.Call) -> ValueKind:
        called = self._view.called(node)
        if isinstance(node.func, cst.Name) and node.func.value == 'dict':
            return ValueKind.DICT
        if called is None or called.startswith(_MAKE_OTHERS):
            return ValueKind.UNKNOWN
        return ValueKind.DICT if called in _MAKE_DICTS else ValueKind.TENSOR

    def _of_name(self, node: cst.Name) -> ValueKind:
        """What every assignment to the name gives. Stores into a dict leave it a dict."""
        if node.value in self._open:
            return ValueKind.UNKNOWN
        self._open.add(node.value)
        kinds = {self._of_assignment(a, node.value) for a in self._assignments} - {None}
        self._open.remove(node.value)
        found = kinds.pop() if len(kinds) == 1 else None
        return found or ValueKind.UNKNOWN

    def _of_assignment(self, node: cst.Assign, name: str) -> ValueKind | None:
        for target in (target.target for target in node.targets):
            if isinstance(target, cst.Name) and target.value == name:
                # `net = f(net)`: what the others give decides.
                itself = isinstance(node.value, cst.Name) and node.value.value == name
                return None if itself else self.of(node.value)
            if isinstance(target, cst.Tuple | cst.List) and any(_is(e.value, name) for e in target.elements):
                made = self.of(node.value) if isinstance(node.value, cst.Call) else ValueKind.UNKNOWN
                return made if made is ValueKind.TENSOR else ValueKind.UNKNOWN
        return None


def _is(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name

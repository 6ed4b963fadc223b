"""Finds the outputs that read a variable which the same call changes, in no order.

`metrics/accuracy/value` beside its `update_op`, in what an Estimator exports for EVAL, is one: what it returns is up to
which op happens to run first. Only ops that wait for each other, by data or by control inputs, are in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from migrate.saved_model import graph as graphs
from migrate.saved_model.graph import Graph
from migrate.verify.dependence import SHAPE_ONLY
from migrate.verify.state import leaves_nothing

_REFERENCES = ('Variable', 'VariableV2')
_HANDLE = 'VarHandleOp'
_PASSES_ON = ('Identity', 'Enter', 'Switch')
_CHANGES = ('Assign', 'Scatter', 'Apply', 'SparseApply', 'CountUpTo')
_CHANGES_NOTHING = ('ScatterNd', 'ScatterNdNonAliasingAdd')
# They look at a variable, but not at its value.
_ASKS = (*SHAPE_ONLY, 'VariableShape', 'VarIsInitializedOp', 'IsVariableInitialized')
_BRANCHES = ('If', 'StatelessIf', 'Case', 'StatelessCase')
_MOST_PASSED = 20


class Order(Enum):
    """How an output that races on one side or on both can be compared."""

    APART = 'both sides are read before and after the call of the other outputs'
    EITHER = 'the old side is read before and after it, and the new one, which has an order, must return one of these'
    NONE = 'what a side returns is up to chance'
    ELSEWHERE = 'that is so with this loader; with another one it is compared'


@dataclass(frozen=True)
class Races:
    """The outputs of a signature that read what the same call changes. Names are those in a call."""

    apart: frozenset[str] = frozenset()
    """Those that a session can read in a call of their own, which changes nothing."""
    others: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.apart | self.others


@dataclass(frozen=True)
class RacesOfPair:
    """The races of a signature in both models."""

    old: Races = field(default_factory=Races)
    new: Races = field(default_factory=Races)

    def orders(self, loader: str, others: Iterable[str]) -> dict[str, Order]:
        """How the outputs that race can be compared where the new model is loaded like this, and else like others."""
        names = sorted(self.old.all | self.new.all)
        orders = {name: self._order(name, loader) for name in names}
        elsewhere = {name for name in names for other in others if self._order(name, other) is not Order.NONE}
        return {
            name: Order.ELSEWHERE if order is Order.NONE and name in elsewhere else order
            for name, order in orders.items()
        }

    def _order(self, name: str, loader: str) -> Order:
        if name not in self.old.apart:
            return Order.NONE
        if name not in self.new.all:
            return Order.EITHER
        # A function returns all outputs or none.
        return Order.APART if name in self.new.apart and loader == 'session' else Order.NONE


def find_races(graph: Graph, outputs: Mapping[str, str]) -> Races:
    """Among outputs, given as tensors of the graph by their names in a call."""
    if leaves_nothing(graph, outputs.values()):
        return Races()
    level = _Level(graph, _before(graph, map(_node_name, outputs.values())))
    racing = {name for name, tensor in outputs.items() if level.is_racing(tensor)}
    apart = {name for name in racing if leaves_nothing(graph, [outputs[name]])}
    return Races(frozenset(apart), frozenset(racing - apart))


class _Level:
    """The nodes of a graph, or of the body of a function, that one call runs.

    `known` has those of functions by name, None while they are made: a function may call itself.
    """

    def __init__(self, graph: Graph, nodes: Mapping[str, Any], known: dict[str, _Level | None] | None = None) -> None:
        self.graph = graph
        self._nodes = nodes
        self._known: dict[str, _Level | None] = {} if known is None else known
        self.readers: dict[str, set[str]] = {}
        self.changers: dict[str, set[str]] = {}
        for name, node in nodes.items():
            for variable, changes in self._accesses(node):
                (self.changers if changes else self.readers).setdefault(variable, set()).add(name)

    def is_racing(self, tensor: str, seen: set[tuple[int, str]] | None = None) -> bool:
        """Whether the value of a tensor depends on which of two ops runs first; `seen` has what was looked at."""
        todo = [tensor]
        seen = set() if seen is None else seen
        while todo:
            each = todo.pop()
            node = self.graph.node_of(each)
            if node is None or (id(self), each) in seen:
                continue
            seen.add((id(self), each))
            if node.name in self._unordered or self._races_inside(node, each, seen):
                return True
            if node.op not in SHAPE_ONLY:
                todo += graphs.inputs(node)
        return False

    @cached_property
    def _unordered(self) -> set[str]:
        """The nodes that look at a variable that another one changes, neither waiting for the other."""
        found: set[str] = set()
        for variable, changers in self.changers.items():
            for changer in changers:
                others = changers | self.readers.get(variable, set())
                if len(others) > 1:
                    found |= others - _before(self.graph, [changer]).keys() - self._after(changer)
        return found

    def _after(self, name: str) -> set[str]:
        found: set[str] = set()
        todo = [name]
        while todo:
            each = todo.pop()
            if each not in found:
                found.add(each)
                todo += self._users.get(each, ())
        return found

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        users: dict[str, list[str]] = {}
        for node in self._nodes.values():
            for tensor in node.input:
                users.setdefault(_node_name(tensor), []).append(node.name)
        return users

    def _accesses(self, node: Any) -> Iterator[tuple[str, bool]]:
        """The variables that a node looks at, and whether it changes them."""
        if node.op in _ASKS or node.op.startswith('Ref'):
            return
        inside = self._inside(node)
        for position, tensor in enumerate(graphs.inputs(node)):
            variable = self._variable(tensor)
            if variable is None or (node.op in _PASSES_ON and not self._is_reference(tensor)):
                continue
            if inside is None:
                yield variable, _changes(node.op)
            elif position in inside:
                yield variable, inside[position]

    def _variable(self, tensor: str) -> str | None:
        """The variable that a tensor is a reference or a handle of; of an argument, which may be one, its name."""
        is_value = False
        for _ in range(_MOST_PASSED):
            node = self.graph.node_of(tensor)
            if node is None:
                return tensor
            if node.op in (_HANDLE, *_REFERENCES):
                is_value = is_value and node.op != _HANDLE
                return None if is_value else node.attr['shared_name'].s.decode('utf-8', 'replace') or str(node.name)
            if node.op in _PASSES_ON:
                is_value = True
            elif not self._is_reference(tensor):
                return None
            taken = graphs.inputs(node)
            if not taken:
                return None
            tensor = taken[0]
        return None

    def _is_reference(self, tensor: str) -> bool:
        """Whether it is a reference variable, or what an op returns that was given one and may have changed it."""
        node = self.graph.node_of(tensor)
        if node is None or node.op in _REFERENCES:
            return node is not None
        changes = _changes(node.op) and not node.op.startswith('Resource') and not node.op.endswith('VariableOp')
        return bool(node.op.startswith('Ref') or changes)

    def _inside(self, node: Any) -> dict[int, bool] | None:
        """Which inputs of a call, loop or branch are variables that are used there, and whether they are changed."""
        bodies = self._bodies(node)
        found: dict[int, bool] = {}
        for body, first in bodies:
            for place, name in enumerate(body.arguments(), first):
                if name in body.changers or name in body.readers:
                    found[place] = found.get(place, False) or name in body.changers
        return found if bodies else None

    def _races_inside(self, node: Any, tensor: str, seen: set[tuple[int, str]]) -> bool:
        return any(
            body.is_racing(returned, seen)
            for body, _ in self._bodies(node)
            if body.changers
            for returned in body.returned(self.graph, node, tensor)
        )

    def _bodies(self, node: Any) -> list[tuple[_Level, int]]:
        """The functions that a node runs, and which of its inputs is their first argument."""
        values = list(node.attr.values())
        called = [node.op, *(value.func.name for value in values if value.WhichOneof('value') == 'func')]
        called += [function.name for value in values for function in value.list.func]
        first = 1 if node.op in _BRANCHES else 0
        bodies = [self._body(node, self.graph.functions[name]) for name in called if name in self.graph.functions]
        return [(body, first) for body in bodies if body]

    def _body(self, node: Any, function: Any) -> _Level | None:
        name = function.signature.name
        if name not in self._known:
            self._known[name] = None
            graph = Graph(function.node_def, self.graph.functions, graphs.Call(self.graph, node, function))
            self._known[name] = _Level(graph, graph.nodes, self._known)
        return self._known[name]

    def arguments(self) -> list[str]:
        """The names of the function's arguments."""
        assert self.graph.caller is not None
        return [argument.name for argument in self.graph.caller.function.signature.input_arg]

    def returned(self, outer: Graph, node: Any, tensor: str) -> list[str]:
        """What the function returns as this output of a node that runs it."""
        assert self.graph.caller is not None
        function = self.graph.caller.function
        names = [argument.name for argument in function.signature.output_arg]
        parts = outer.tensor(tensor).split(':')  # `node:1`; in a function `node:output:1` or `node:name:0`
        if len(parts) == 3 and node.op == function.signature.name:
            names, number = [parts[1]], 0
        else:
            number = int(parts[-1])
        known = number < len(names) and names[number] in function.ret
        return [function.ret[names[number]]] if known else list(function.ret.values())


def _changes(op: str) -> bool:
    if op.startswith('Resource'):
        return not op.startswith('ResourceGather')
    return op.startswith(_CHANGES) and op not in _CHANGES_NOTHING


def _before(graph: Graph, names: Iterable[str]) -> dict[str, Any]:
    """The nodes that run before some, and these."""
    found: dict[str, Any] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        node = graph.nodes.get(name)
        if node is not None and name not in found:
            found[name] = node
            todo += map(_node_name, node.input)
    return found


def _node_name(tensor: str) -> str:
    return tensor.lstrip('^').split(':')[0]

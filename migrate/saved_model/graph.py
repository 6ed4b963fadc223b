"""Walks a GraphDef forwards and backwards, into and out of the functions that it calls.

A tensor is named as its graph names it: `node:0` in the graph itself, `argument` or `node:output:0` in a function.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

CALLS = ('PartitionedCall', 'StatefulPartitionedCall')
# Functions that a node runs if and as often as it will, and how many inputs stand before those that they get.
_BRANCHES = {
    **dict.fromkeys(('If', 'StatelessIf'), (('then_branch', 'else_branch'), 1)),
    **dict.fromkeys(('While', 'StatelessWhile'), (('cond', 'body'), 0)),
}
_PASSES_ON = ('Identity', 'IdentityN', 'Snapshot', 'StopGradient', 'PreventGradient', 'Enter', 'RefEnter')


class Use(NamedTuple):
    """A node that takes a tensor as its input number `position`, and the graph that the node stands in."""

    graph: Graph
    node: Any
    position: int


class Source(NamedTuple):
    """The node that makes a tensor, and the graph that it stands in."""

    graph: Graph
    node: Any
    tensor: str


class Graph:
    """A GraphDef, or the body of one call of a function in it."""

    def __init__(self, nodes: Any, functions: dict[str, Any], caller: Call | None = None, producer: int = 0) -> None:
        self.nodes = {node.name: node for node in nodes}
        self.functions = functions
        self.caller = caller
        self.producer = producer
        self._bodies: dict[str, Graph] = {}
        self._uses: dict[str, list[tuple[Any, int]]] = defaultdict(list)
        self._outputs: dict[str, list[str]] = defaultdict(list)
        for node in nodes:
            for position, name in enumerate(inputs(node)):
                self._uses[self.tensor(name)].append((node, position))
        returned = caller.function.ret.values() if caller else ()
        for tensor in {*self._uses, *returned}:
            self._outputs[tensor.split(':')[0]].append(tensor)

    def tensor(self, name: str) -> str:
        """The full name: `node` is short for `node:0` in a graph, but is an argument in a function."""
        return name if ':' in name or self.caller else f'{name}:0'

    def node_of(self, tensor: str) -> Any | None:
        return self.nodes.get(tensor.split(':')[0])

    def uses(self, tensor: str) -> list[tuple[Any, int]]:
        return self._uses.get(self.tensor(tensor), [])

    def outputs(self, node: Any) -> list[str]:
        """Those outputs of a node that something takes, or that its function returns."""
        return sorted(self._outputs.get(node.name, []))

    def output(self, node: Any, index: int, name: str = '', index_in_name: int = 0) -> str:
        """An output by its flat index, or in a function by the output's name and the index within it."""
        return f'{node.name}:{name}:{index_in_name}' if self.caller else f'{node.name}:{index}'

    def body(self, node: Any) -> Graph | None:
        """The body of the function that a node calls, if it calls one."""
        function = self.functions.get(node.attr['f'].func.name if node.op in CALLS else node.op)
        if function is None:
            return None
        if node.name not in self._bodies:
            self._bodies[node.name] = Graph(function.node_def, self.functions, Call(self, node, function))
        return self._bodies[node.name]

    def branches(self, node: Any) -> list[Graph]:
        """The bodies of what a node runs under a condition, or in a loop."""
        names, skipped = _BRANCHES.get(node.op, ((), 0))
        found = []
        for name in names:
            function = self.functions.get(node.attr[name].func.name)
            if function is not None:
                key = f'{node.name}/{name}'
                if key not in self._bodies:
                    call = Call(self, node, function, skipped)
                    self._bodies[key] = Graph(function.node_def, self.functions, call)
                found.append(self._bodies[key])
        return found

    def depth(self) -> int:
        return self.caller.graph.depth() + 1 if self.caller else 0


class Call(NamedTuple):
    """A node that calls a function."""

    graph: Graph
    node: Any
    function: Any
    skipped: int = 0
    """How many inputs of the node stand before the arguments of the function."""


def graph_of(meta_graph: Any) -> Graph:
    definition = meta_graph.graph_def
    functions = {function.signature.name: function for function in definition.library.function}
    return Graph(definition.node, functions, producer=definition.versions.producer)


def inputs(node: Any) -> list[str]:
    """The tensors that a node takes, without control inputs."""
    return [name for name in node.input if not name.startswith('^')]


def input_of(graph: Graph, node: Any, position: int) -> Source | None:
    """Where an input of a node comes from, through identities and out of functions."""
    taken = inputs(node)
    return source(graph, taken[position]) if -len(taken) <= position < len(taken) else None


def source(graph: Graph, tensor: str) -> Source | None:
    """Where a tensor comes from, through identities and out of functions."""
    for _ in range(1000):
        node = graph.node_of(tensor)
        if node is None:
            outer = argument_of_caller(graph, tensor)
            if outer is None:
                return None
            graph, tensor = outer
        elif node.op in _PASSES_ON and len(inputs(node)) == 1:
            tensor = inputs(node)[0]
        else:
            return Source(graph, node, graph.tensor(tensor))
    return None


def argument_of_caller(graph: Graph, tensor: str) -> tuple[Graph, str] | None:
    """The tensor of the calling graph that a function takes as its argument `tensor`."""
    if graph.caller is None:
        return None
    names = [argument.name for argument in graph.caller.function.signature.input_arg]
    taken = inputs(graph.caller.node)[graph.caller.skipped :]
    if tensor not in names or names.index(tensor) >= len(taken):
        return None
    return graph.caller.graph, taken[names.index(tensor)]


def entered(use: Use) -> tuple[Graph, str] | None:
    """The body of a called function and its argument that a use feeds."""
    body = use.graph.body(use.node)
    if body is None or body.caller is None or body.depth() > 20:
        return None
    arguments = body.caller.function.signature.input_arg
    return (body, arguments[use.position].name) if use.position < len(arguments) else None


def branches_entered(use: Use) -> Iterator[tuple[Graph, str]]:
    """The bodies that a use feeds of what runs under a condition or in a loop, each with its argument."""
    for body in use.graph.branches(use.node):
        if body.caller is None or body.depth() > 20:
            continue
        arguments = body.caller.function.signature.input_arg
        place = use.position - body.caller.skipped
        if 0 <= place < len(arguments):
            yield body, arguments[place].name


def left(graph: Graph, tensor: str) -> Iterator[tuple[Graph, str]]:
    """The tensors of the calling graph as which a function returns `tensor`."""
    if graph.caller is None:
        return
    outer, node, function, _ = graph.caller
    for index, argument in enumerate(function.signature.output_arg):
        if function.ret.get(argument.name) == tensor:
            has_one_name = node.op in CALLS or node.op in _BRANCHES
            name = 'output' if has_one_name else argument.name
            index_in_name = index if has_one_name else 0
            yield outer, outer.output(node, index, name, index_in_name)

"""What the signatures of a meta graph need of its graph: the nodes between their inputs and their outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from migrate.saved_model.contract import SignatureContract


@dataclass(frozen=True)
class Need:
    """A node, of the graph or of a function that it calls, and the signature that runs it."""

    signature: str
    node: Any


def needs(meta_graph: Any, signatures: dict[str, SignatureContract]) -> Iterator[Need]:
    """The nodes that the signatures run, function bodies included; a node once for each signature."""
    graph = meta_graph.graph_def
    nodes = {node.name: node for node in graph.node}
    functions = {function.signature.name: function for function in graph.library.function}
    for key, signature in signatures.items():
        feeds = {_full(name) for tensor in signature.inputs.values() for name in tensor.tensors}
        outputs = [name for tensor in signature.outputs.values() for name in tensor.tensors]
        called: set[str] = set()
        for node in _behind(nodes, outputs, feeds):
            yield Need(key, node)
            called |= calls(node, functions)
        for name in _all_called(called, functions):
            yield from (Need(key, node) for node in functions[name].node_def)


def op_types(meta_graph: Any, signatures: dict[str, SignatureContract]) -> dict[str, str]:
    """The ops of the whole graph, which TensorFlow must know all to load it; for each, where it is and for what."""
    graph = meta_graph.graph_def
    functions = {function.signature.name for function in graph.library.function}
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    found = {node.op: f"node '{node.name}'" for node in reversed(nodes) if node.op not in functions}
    needed = {
        need.node.op: f"node '{need.node.name}', which signature '{need.signature}' needs"
        for need in needs(meta_graph, signatures)
    }
    return found | {op: text for op, text in needed.items() if op in found}


def _behind(nodes: dict[str, Any], outputs: list[str], feeds: set[str]) -> Iterator[Any]:
    seen: set[str] = set()
    pending = [name for name in outputs if _full(name) not in feeds]
    while pending:
        name = pending.pop().lstrip('^').split(':')[0]
        if name not in seen and name in nodes:
            seen.add(name)
            yield nodes[name]
            pending += [other for other in nodes[name].input if _full(other.lstrip('^')) not in feeds]


def _full(name: str) -> str:
    return name if ':' in name else f'{name}:0'


def calls(node: Any, functions: dict[str, Any]) -> set[str]:
    """Which of the functions a node calls, as its op or as one of its attributes."""
    named = {function.name for value in node.attr.values() for function in [value.func, *value.list.func]}
    return (named | {node.op}) & functions.keys()


def _all_called(called: set[str], functions: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    pending = list(called)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            for node in functions[name].node_def:
                pending += calls(node, functions)
    return found

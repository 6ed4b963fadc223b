"""Takes out of a graph what TensorFlow 2 does not have, where nobody needs it: it could not even load that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from migrate.convert.needs import calls, needs
from migrate.saved_model.contract import INTERNAL_SIGNATURES, SignatureContract
from migrate.saved_model.operations import is_of_tensorflow_2

_OF_SAVERS = ('SaveV2', 'SaveSlices', 'Save', 'RestoreV2', 'RestoreSlice', 'Restore')


@dataclass(frozen=True)
class Superfluous:
    """Names of nodes, and of functions that only these call."""

    nodes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.functions)


def find_superfluous(meta_graph: Any, signatures: dict[str, SignatureContract]) -> Superfluous:
    """What has ops that TensorFlow 2 does not have, and all that hangs on it.

    Nothing, if some of it is needed: by signatures, by savers and init ops, by records of variables and loops.
    """
    graph = meta_graph.graph_def
    known = {function.signature.name: function for function in graph.library.function}
    functions = _foreign_functions(known)
    foreign = {node.name for node in graph.node if _is_foreign(node, functions, known)}
    if not foreign:
        return Superfluous(functions=functions)
    inputs = (name for each in signatures.values() for tensor in each.inputs.values() for name in tensor.tensors)
    needed = {need.node.name for need in needs(meta_graph, signatures)} | {name.split(':')[0] for name in inputs}
    needed |= _with_users(graph.node, {node.name for node in graph.node if node.op in _OF_SAVERS})
    hanging = _with_users(graph.node, foreign)
    if hanging & needed or hanging.intersection(_recorded(meta_graph)):
        return Superfluous()
    return Superfluous(frozenset(hanging), functions)


def take_out(meta_graph: Any, superfluous: Superfluous) -> None:
    """Removes it from a graph and from its lists of nodes."""
    graph, names = meta_graph.graph_def, superfluous.nodes
    _keep(graph.node, lambda node: node.name not in names)
    _keep(graph.library.function, lambda function: function.signature.name not in superfluous.functions)
    for collection in meta_graph.collection_def.values():
        if collection.WhichOneof('kind') == 'node_list':
            values = collection.node_list.value
            values[:] = [name for name in values if name.split(':')[0] not in names]


def _keep(container: Any, is_kept: Callable[[Any], bool]) -> None:
    for index in reversed([index for index, each in enumerate(container) if not is_kept(each)]):
        del container[index]


def _foreign_functions(known: dict[str, Any]) -> frozenset[str]:
    """Those with such ops, or that call one with such."""
    found: set[str] = set()
    while True:
        more = {
            name
            for name, function in known.items()
            if name not in found and any(_is_foreign(node, found, known) for node in function.node_def)
        }
        if not more:
            return frozenset(found)
        found |= more


def _is_foreign(node: Any, functions: Collection[str], known: dict[str, Any]) -> bool:
    is_unknown = node.op not in known and not is_of_tensorflow_2(node.op)
    return is_unknown or not calls(node, known).isdisjoint(functions)


def _with_users(nodes: Iterable[Any], names: set[str]) -> set[str]:
    """These nodes, and all that wait for them or use what they return."""
    users: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        for name in node.input:
            users[name.lstrip('^').split(':')[0]].append(node.name)
    seen: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending += users[name]
    return seen


def _recorded(meta_graph: Any) -> Iterator[str]:
    """The nodes that init ops are, and that the records of variables, loops and conditions speak of."""
    for key in INTERNAL_SIGNATURES:
        if key in meta_graph.signature_def:
            yield from (info.name.split(':')[0] for info in meta_graph.signature_def[key].outputs.values())
    for key, collection in meta_graph.collection_def.items():
        if key in ('saved_model_main_op', 'legacy_init_op'):
            yield from (name.split(':')[0] for name in collection.node_list.value)
        for record in collection.bytes_list.value:
            yield from _strings(record)


def _strings(record: bytes) -> Iterator[str]:
    """What may be the name of a node in a message of any kind: the fields that have a length, at any depth."""
    for start in range(len(record)):
        length = record[start]
        text = record[start + 1 : start + 1 + length]
        if 0 < length < 128 and len(text) == length and text.isascii():
            yield text.decode().lstrip('^').split(':')[0]

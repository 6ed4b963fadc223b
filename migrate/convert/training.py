"""Says which signatures of a new model can't be trained further, though they serve the same.

TensorFlow finds no gradient of a loop or condition that is written as ops of the graph, as TensorFlow 1 does: a tape
fails with a message that tells nobody why. Those that are functions (`tf.compat.v1.enable_control_flow_v2`) have one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from migrate.convert.needs import needs
from migrate.saved_model.contract import GraphContract

_KINDS = ('Enter', 'Exit', 'Switch', 'Merge', 'NextIteration')
_CONTROL_FLOW = {*_KINDS, *(f'Ref{kind}' for kind in _KINDS)}


def notes_on_training(meta_graph: Any, graph: GraphContract) -> Iterator[str]:
    """A note on each signature in which such a thing lies between a trainable variable and an output."""
    nodes: dict[str, list[Any]] = defaultdict(list)
    for need in needs(meta_graph, graph.signatures):
        nodes[need.signature].append(need.node)
    for key in graph.signatures:
        through = sorted(
            node.name for node in _behind_variables(nodes[key], graph.trainable) if node.op in _CONTROL_FLOW
        )
        if through:
            yield (
                f"signature '{key}' serves, and can't be trained further: no gradient flows through '{through[0]}', a "
                'loop or condition as TensorFlow 1 writes it; to train it, build it anew from its source'
            )


def _behind_variables(nodes: list[Any], variables: Collection[str]) -> Iterator[Any]:
    """What is computed of the values of the variables."""
    users: dict[str, list[Any]] = defaultdict(list)
    for node in nodes:
        for name in node.input:
            if not name.startswith('^'):
                users[name.split(':')[0]].append(node)
    seen: set[str] = set()
    pending = [node for node in nodes if node.name in variables]
    while pending:
        node = pending.pop()
        if node.name not in seen:
            seen.add(node.name)
            yield node
            pending += users[node.name]

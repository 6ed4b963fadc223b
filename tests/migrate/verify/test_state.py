from __future__ import annotations

from typing import Any

import pytest

from migrate.saved_model.graph import graph_of
from migrate.saved_model.schema import message_class
from migrate.verify.state import leaves_nothing


def meta_graph(**nodes: tuple[str, ...]) -> Any:
    """Each node is an op and its inputs."""
    message = message_class('MetaGraphDef')()
    for name, (op, *inputs) in nodes.items():
        message.graph_def.node.add(name=name, op=op, input=inputs)
    return message


def is_stateless(message: Any) -> bool:
    return leaves_nothing(graph_of(message), ['y:0'])


VARIABLE = {'v': ('VariableV2',), 'read': ('Identity', 'v')}


@pytest.mark.parametrize(
    'nodes',
    [
        {'x': ('Placeholder',), 'y': ('Relu', 'x')},
        {**VARIABLE, 'x': ('Placeholder',), 'y': ('MatMul', 'x', 'read')},
        {'t': ('HashTableV2',), 'x': ('Placeholder',), 'y': ('LookupTableFindV2', 't', 'x')},
        {**VARIABLE, 'y': ('Identity', 'read'), 'other': ('AssignAdd', 'v', 'read')},
    ],
)
def test_graphs_that_only_read(nodes: dict[str, tuple[str, ...]]) -> None:
    assert is_stateless(meta_graph(**nodes))


@pytest.mark.parametrize(
    'nodes',
    [
        {**VARIABLE, 'y': ('AssignAdd', 'v', 'read')},
        {**VARIABLE, 'count': ('AssignAdd', 'v', 'read'), 'x': ('Placeholder',), 'y': ('Identity', 'x', '^count')},
        {'y': ('RandomUniform',)},
        {'q': ('FIFOQueueV2',), 'y': ('QueueDequeueV2', 'q')},
        {'t': ('MutableHashTableV2',), 'y': ('LookupTableFindV2', 't')},
        {'y': ('AcmeFilter',)},
        {'y': ('Identity', 'nowhere')},
    ],
)
def test_graphs_that_touch_state(nodes: dict[str, tuple[str, ...]]) -> None:
    assert not is_stateless(meta_graph(**nodes))


@pytest.mark.parametrize('op', ['StatefulPartitionedCall', 'StatelessIf', 'body'])
def test_functions_are_looked_into(op: str) -> None:
    message = meta_graph(y=(op,))
    message.graph_def.node[0].attr['f'].func.name = 'body'
    for name, inner in (('body', 'deeper'), ('deeper', 'Relu')):
        function = message.graph_def.library.function.add()
        function.signature.name = name
        function.node_def.add(name='inner', op=inner)
    assert is_stateless(message)
    message.graph_def.library.function[1].node_def.add(name='more', op='AssignAddVariableOp')
    assert not is_stateless(message)

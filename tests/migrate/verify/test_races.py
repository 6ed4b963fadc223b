"""Which outputs read what the same call changes, in no order, and how they are judged."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.saved_model.graph import graph_of
from migrate.verify.races import Order, Races, RacesOfPair, find_races
from tests.migrate.verify.test_state import meta_graph

REFERENCE = {'v': ('VariableV2',), 'x': ('Placeholder',), 'read': ('Identity', 'v'), 'update': ('AssignAdd', 'v', 'x')}
RESOURCE = {
    'v': ('VarHandleOp',),
    'x': ('Placeholder',),
    'handle': ('Identity', 'v'),
    'read': ('ReadVariableOp', 'handle'),
    'add': ('AssignAddVariableOp', 'v', 'x'),
    'update': ('ReadVariableOp', 'v', '^add'),
}


def races(message: Any, **outputs: str) -> Races:
    return find_races(graph_of(message), outputs)


@pytest.mark.parametrize('nodes', [REFERENCE, RESOURCE])
def test_a_read_beside_an_assignment_races(nodes: dict[str, tuple[str, ...]]) -> None:
    message = meta_graph(**nodes, value=('Mul', 'read', 'read'), doubled=('Mul', 'update', 'update'))
    assert races(message, value='value:0', update='doubled:0') == Races(apart=frozenset(['value']))


@pytest.mark.parametrize(
    'nodes',
    [
        {'read': ('Identity', 'v', '^update')},
        {'update': ('AssignAdd', 'v', 'x', '^read')},
        {'update': ('AssignAdd', 'v', 'read')},
        {'update': ('AssignAdd', 'w', 'x'), 'w': ('VariableV2',)},
        {'read': ('Shape', 'v')},
        {'update': ('ScatterNd', 'x', 'v', 'x')},
    ],
)
def test_what_waits_for_the_other_or_reads_something_else_does_not(nodes: dict[str, tuple[str, ...]]) -> None:
    assert races(meta_graph(**{**REFERENCE, **nodes}), value='read:0', update='update:0') == Races()


def test_an_assignment_that_no_output_needs_does_not_run() -> None:
    assert races(meta_graph(**REFERENCE), value='read:0') == Races()


def test_what_changes_something_itself_cannot_be_read_apart() -> None:
    message = meta_graph(**REFERENCE, sum=('Add', 'read', 'update'))
    assert races(message, value='sum:0') == Races(others=frozenset(['value']))


@pytest.mark.parametrize('waits', [False, True])
def test_functions_are_looked_into(waits: bool) -> None:
    message = meta_graph(v=('VarHandleOp',), x=('Placeholder',), call=('StatefulPartitionedCall', 'v', 'x'))
    message.graph_def.node[2].attr['f'].func.name = 'body'
    function = message.graph_def.library.function.add()
    function.signature.name = 'body'
    for name in ('handle', 'by'):
        function.signature.input_arg.add(name=name)
    for name in ('value', 'update'):
        function.signature.output_arg.add(name=name)
    read = function.node_def.add(name='read', op='ReadVariableOp', input=['handle'])
    function.node_def.add(name='add', op='AssignAddVariableOp', input=['handle', 'by'])
    function.node_def.add(name='after', op='ReadVariableOp', input=['handle', '^add'])
    function.ret['value'], function.ret['update'] = 'read:value:0', 'after:value:0'
    if waits:
        read.input.append('^add')
    racing = frozenset() if waits else frozenset(['value'])
    assert races(message, value='call:0', update='call:1') == Races(others=racing)


def test_two_calls_that_use_the_same_variable_race() -> None:
    message = meta_graph(v=('VarHandleOp',), one=('StatefulPartitionedCall', 'v'), two=('ReadVariableOp', 'v'))
    message.graph_def.node[1].attr['f'].func.name = 'body'
    function = message.graph_def.library.function.add()
    function.signature.name = 'body'
    function.signature.input_arg.add(name='handle')
    function.signature.output_arg.add(name='y')
    function.node_def.add(name='add', op='AssignAddVariableOp', input=['handle', 'handle'])
    function.ret['y'] = 'handle'
    assert races(message, value='two:0', update='one:0').apart == frozenset(['value'])


def test_how_a_pair_is_compared() -> None:
    apart, others = Races(apart=frozenset(['y'])), Races(others=frozenset(['y']))

    def order(old: Races, new: Races, loader: str = 'session', *rest: str) -> Order | None:
        return RacesOfPair(old, new).orders(loader, rest).get('y')

    assert order(Races(), Races()) is None
    assert order(apart, apart) is Order.APART
    assert order(apart, Races(), 'object') is Order.EITHER
    assert order(apart, apart, 'object') is Order.NONE
    assert order(apart, apart, 'object', 'session') is Order.ELSEWHERE
    assert order(Races(), apart) is order(apart, others) is order(others, apart) is order(others, Races()) is Order.NONE


def test_functions_that_call_themselves_have_an_end() -> None:
    message = meta_graph(v=('VarHandleOp',), call=('body', 'v'), other=('ReadVariableOp', 'v'))
    function = message.graph_def.library.function.add()
    function.signature.name = 'body'
    function.signature.input_arg.add(name='handle')
    function.signature.output_arg.add(name='y')
    for name in ('one', 'two'):
        function.node_def.add(name=name, op='body', input=['handle'])
    function.node_def.add(name='add', op='AssignAddVariableOp', input=['handle', 'one:y:0', '^two'])
    function.ret['y'] = 'two:y:0'
    assert races(message, value='other:0', update='call:0') == Races(apart=frozenset(['value']))

"""How large made-up inputs are: batches, ranks, sizes; and how switches stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from migrate.saved_model.contract import read_contract
from migrate.saved_model.graph import graph_of
from migrate.saved_model.schema import message_class
from migrate.verify.inputs import Side, make_up_inputs
from migrate.verify.vocabularies import Assets
from tests.migrate.saved_model.messages import BOOL, FLOAT, INT32, INT64, STRING
from tests.migrate.verify.handmade import Model, shape


def test_batches_of_several_sizes_are_shared_by_all_inputs(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]), y=(FLOAT, [-1, -1]), z=(FLOAT, [2]))
    shapes = {case.name: [tensor.array.shape for tensor in case.tensors.values()] for case in model.inputs().cases}
    usual = {f'batch of {size}': [(size, 4), (size, 3), (2,)] for size in (1, 2, 7)}
    assert shapes == {**usual, 'longer rows': [(2, 4), (2, 20), (2,)]}


def test_fixed_shapes_get_several_samples(tmp_path: Path) -> None:
    cases = Model(tmp_path, x=(FLOAT, [1, 4])).inputs().cases
    assert [case.name for case in cases] == ['sample 1', 'sample 2', 'sample 3']
    assert not np.array_equal(cases[0].tensors['x'].array, cases[1].tensors['x'].array)


def test_unknown_ranks_are_tried_as_scalars_vectors_and_columns(tmp_path: Path) -> None:
    cases = Model(tmp_path, x=(FLOAT, None)).inputs().cases
    assert [case.tensors['x'].array.shape for case in cases] == [(1,), (2,), (7,), (), (), (2, 1)]


def unknown_ranks(tmp_path: Path, **inputs: tuple[int, list[int] | None]) -> Model:
    """A model whose graph knows no more of these ranks than its signature."""
    model = Model(tmp_path, **inputs)
    for node in model.graph.graph_def.node:
        if inputs[node.name][1] is None:
            del node.attr['shape']
    return model


def shapes_of(model: Model) -> dict[str, list[tuple[int, ...]]]:
    return {case.name: [tensor.array.shape for tensor in case.tensors.values()] for case in model.inputs().cases}


def test_unknown_ranks_are_tried_as_scalars_beside_batches(tmp_path: Path) -> None:
    assert shapes_of(unknown_ranks(tmp_path, x=(FLOAT, [-1, 4]), y=(FLOAT, None))) == {
        'batch of 1': [(1, 4), (1,)],
        'batch of 2': [(2, 4), (2,)],
        'batch of 7': [(7, 4), (7,)],
        'scalars': [(1, 4), ()],
        'scalars beside a batch of 7': [(7, 4), ()],
        'columns': [(2, 4), (2, 1)],
    }


def test_unknown_ranks_are_tried_as_scalars_one_by_one(tmp_path: Path) -> None:
    shapes = shapes_of(unknown_ranks(tmp_path, x=(FLOAT, None), y=(FLOAT, None), z=(INT32, None)))
    assert shapes['y as a scalar'] == [(2,), (), (2,)]
    assert shapes['all but y as scalars'] == [(), (2,), ()]
    assert len(shapes) == 12


def test_the_graph_may_know_a_shape_that_the_signature_does_not(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, None))
    model.graph.graph_def.node[0].attr['shape'].CopyFrom(message_class('AttrValue')(**shape(-1, 4)))
    assert list(shapes_of(model).values()) == [[(1, 4)], [(2, 4)], [(7, 4)], [(0, 4)]]


@pytest.mark.parametrize(('op', 'position', 'rank'), [('Switch', 1, 0), ('If', 0, 0), ('BiasAdd', 1, 1)])
def test_an_unknown_rank_is_what_an_op_asks_for(tmp_path: Path, op: str, position: int, rank: int) -> None:
    model = unknown_ranks(tmp_path, x=(FLOAT, None))
    model.node('hop', 'Cast', 'x')
    model.node('use', op, *['other'] * position, 'hop')
    assert {case.tensors['x'].array.ndim for case in model.inputs().cases} == {rank}


def test_ranks_are_counted_through_slices_and_new_dimensions(tmp_path: Path) -> None:
    model = unknown_ranks(tmp_path, x=(STRING, None))
    model.node('first', 'StridedSlice', 'x', 'begin', 'end', 'strides', shrink_axis_mask={'i': 1})
    model.node('decode', 'DecodeJpeg', 'first')
    assert {case.tensors['x'].array.ndim for case in model.inputs().cases} == {1}


def test_ops_that_ask_for_different_ranks_leave_it_open(tmp_path: Path) -> None:
    model = unknown_ranks(tmp_path, x=(FLOAT, None))
    model.node('use', 'Switch', 'other', 'x')
    model.node('other use', 'BiasAdd', 'other', 'x')
    assert {case.tensors['x'].array.ndim for case in model.inputs().cases} == {0, 1, 2}


def test_a_default_tells_the_rank(tmp_path: Path) -> None:
    model = unknown_ranks(tmp_path, x=(FLOAT, None))
    node = model.graph.graph_def.node[0]
    node.op = 'PlaceholderWithDefault'
    node.input.append(model.constant('default', FLOAT, [], [0.5]))
    assert {case.tensors['x'].array.ndim for case in model.inputs().cases if not case.leaves_out} == {0}


def test_switches_are_flipped_one_at_a_time_after_all_else(tmp_path: Path) -> None:
    cases = Model(tmp_path, x=(FLOAT, [-1, 2]), a=(BOOL, []), b=(BOOL, [])).inputs().cases
    assert [
        (case.tensors['a'].array.item(), case.tensors['b'].array.item(), len(case.tensors['x'].array)) for case in cases
    ] == [
        (False, False, 1),
        (False, False, 2),
        (False, False, 7),
        (True, False, 2),
        (False, True, 2),
        (True, False, 7),
        (False, True, 7),
    ]
    assert cases[3].name == 'batch of 2, a = True, b = False'
    assert [case.setting for case in cases[2:4]] == ['a = False, b = False', 'a = True, b = False']


@pytest.mark.parametrize('old_form', [True, False])
def test_dropout_keeps_all_or_nothing(tmp_path: Path, old_form: bool) -> None:
    model = unknown_ranks(tmp_path, x=(FLOAT, None))
    model.node('random', 'RandomUniform', 'shape')
    model.node('range', 'Mul', 'random', 'width')
    model.node('shifted', 'Add', 'range', 'least')
    if old_form:
        model.node('mask', 'Add', 'x', 'shifted')
    else:
        model.node('rate', 'Sub', 'one', 'x')
        model.node('mask', 'GreaterEqual', 'shifted', 'rate')
    assert [case.tensors['x'].array.tolist() for case in model.inputs().cases] == [1.0] * 3 + [0.0] * 3


def test_signatures_without_inputs_have_one_case(tmp_path: Path) -> None:
    assert [case.tensors for case in Model(tmp_path).inputs().cases] == [{}]


def test_an_input_with_a_default_is_left_out_once(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]), y=(FLOAT, [-1]))
    model.graph.graph_def.node[1].op = 'PlaceholderWithDefault'
    cases = model.inputs().cases
    assert [(case.leaves_out, list(case.tensors)) for case in cases if case.leaves_out] == [('y', ['x'])]


def test_sizes_that_only_the_new_model_declares_are_tried_as_well(tmp_path: Path) -> None:
    old, new = (Model(tmp_path / name, x=(FLOAT, shape)) for name, shape in (('old', [-1, -1]), ('new', [1, 8])))
    contracts = [read_contract(tmp_path, each.message).graphs[0].signatures['a'] for each in (old, new)]
    cases = make_up_inputs(Side(graph_of(old.graph), Assets(tmp_path, old.graph)), *contracts, 0).cases
    shapes = [case.tensors['x'].array.shape for case in cases]
    assert shapes == [(1, 3), (2, 3), (7, 3), (2, 8), (7, 8), (0, 3)]


def test_rows_of_unknown_length_are_longer_in_one_case(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, -1]))
    assert model.values('batch of 2').shape == (2, 3)
    assert model.values('longer rows').shape == (2, 20)


def test_rows_of_known_length_and_images_are_not_longer(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]), image=(FLOAT, [-1, -1, -1, 3]))
    assert 'longer rows' not in {case.name for case in model.inputs().cases}


def names_of(model: Model, is_small: bool = False) -> list[str]:
    return [case.name for case in model.inputs(is_small=is_small).cases]


@pytest.mark.parametrize(('op', 'size', 'more'), [('Equal', 3, [3, 4]), ('Greater', 7, [8]), ('Less', 500, [])])
def test_batches_are_as_large_as_what_their_size_is_compared_with(
    tmp_path: Path, op: str, size: int, more: list[int]
) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]))
    model.node('doubled', 'Mul', 'x', model.constant('two', FLOAT, [], [2.0]))
    model.node('shape', 'Shape', 'doubled')
    model.node('first', 'StridedSlice', 'shape', 'begin', 'end', 'strides')
    model.node('compared', op, 'first', model.constant('size', INT32, [], [size]))
    model.node('of_values', op, 'doubled', model.constant('limit', FLOAT, [], [12.0]))
    assert [name for name in names_of(model) if name.startswith('batch of')] == [
        f'batch of {each}' for each in (1, 2, 7, *more)
    ]


def test_an_empty_batch_comes_last_and_apart_and_a_large_one_for_small_models(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]), y=(INT64, [-1]))
    *_, large, empty = model.inputs(is_small=True).cases
    assert [(case.name, case.apart) for case in (large, empty)] == [('batch of 33', True), ('empty batch', True)]
    assert [each.array.shape for each in large.tensors.values()] == [(33, 4), (33,)]
    assert [each.array.shape for each in empty.tensors.values()] == [(0, 4), (0,)]
    assert not any(case.apart for case in model.inputs().cases[:-1])
    assert 'batch of 33' not in names_of(model)


@pytest.mark.parametrize('inputs', [{'x': (FLOAT, [4])}, {'x': (FLOAT, [-1, 4]), 'y': (FLOAT, [4])}])
def test_what_is_no_batch_is_never_empty(tmp_path: Path, inputs: dict[str, tuple[int, list[int]]]) -> None:
    assert 'empty batch' not in names_of(Model(tmp_path, **inputs))


def test_inputs_that_could_be_the_same_are_so_once(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]), y=(FLOAT, [-1, 4]), z=(FLOAT, [-1]), i=(INT32, [-1, 4]))
    same = [case.name for case in model.inputs().cases if case.tensors['x'] is case.tensors['y']]
    assert same == ['the same for several inputs']
    assert 'the same for several inputs' not in names_of(Model(tmp_path, x=(FLOAT, [-1, 4]), z=(FLOAT, [-1])))

"""Values made up from graphs that are written by hand: numbers, words, ids, images, sparse and ragged tensors."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.migrate.saved_model.messages import FLOAT, INT32, INT64, STRING, add_placeholder
from tests.migrate.verify.handmade import Model, add_node, shape


def test_numbers_are_mixed_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 20]))
    values = model.values('batch of 7')
    assert (values < 0).any()
    assert (values == 0).any()
    assert (values > 0).any()
    assert np.abs(values).max() > 5 * np.abs(values[0]).max()
    assert np.array_equal(values, model.values('batch of 7'))
    assert not np.array_equal(values, model.inputs(seed=1).cases[2].tensors['x'].array)


def test_nothing_but_zeros_is_never_drawn(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, []))
    assert all(
        value for seed in range(20) for case in model.inputs(seed=seed).cases for value in [case.tensors['x'].array]
    )


def test_what_cannot_be_made_up_is_said(tmp_path: Path) -> None:
    inputs = Model(tmp_path, x=(20, [])).inputs()
    assert not inputs.cases
    assert inputs.description == 'no values can be made up for "x" (dense resource)'


def test_words_come_from_the_table_that_they_are_looked_up_in(tmp_path: Path) -> None:
    words = [b'red', b'green\xff', b'blue\0']
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('hop', 'Identity', 'x')
    model.node('find', 'LookupTableFindV2', model.table(words), 'hop', 'default')
    assert set(model.values('batch of 7')) <= set(words)
    assert model.values('every known value').tolist() == words
    assert not set(model.values('unknown values')) & set(words)


def test_ids_reach_the_rows_that_deserve_a_look(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT64, [-1]))
    model.node('table', 'VarHandleOp', shape=shape(100_000, 4), shared_name={'s': b'rows'})
    model.node('gather', 'ResourceGather', 'table', 'x')
    assert 'rows that differ' not in [case.name for case in model.inputs().cases]
    model.rows = {'other': (3,), 'rows': (17, 99_991)}
    assert model.values('rows that differ').tolist() == [17, 99_991]


def test_so_do_words_and_whole_numbers_that_are_hashed(tmp_path: Path) -> None:
    for dtype, expected in ((STRING, [b'10001615', b'10000588']), (INT64, [10001615, 10000588])):
        model = Model(tmp_path, x=(dtype, [-1]))
        model.node('text', 'AsString' if dtype == INT64 else 'Identity', 'x')
        model.node('hash', 'StringToHashBucketFast', 'text', num_buckets={'i': 1000})
        model.node('table', 'VariableV2', shape=shape(1000, 4))
        model.node('gather', 'GatherV2', 'table', 'hash', model.constant('axis', INT32, [], [0]))
        model.rows = {'table': (5, 7)}
        assert sorted(model.values('rows that differ').tolist()) == sorted(expected)


@pytest.mark.parametrize(('key_index', 'keys'), [(-2, [b'red\t1', b'blue\t2']), (0, [b'red', b'blue']), (-1, [0, 1])])
def test_words_come_from_a_vocabulary_among_the_assets(tmp_path: Path, key_index: int, keys: list[Any]) -> None:
    (tmp_path / 'assets').mkdir()
    (tmp_path / 'assets' / 'words.txt').write_bytes(b'red\t1\nblue\t2\nnever\t3\n')
    dtype = INT64 if key_index == -1 else STRING
    model = Model(tmp_path, x=(dtype, [-1]))
    model.node('table', 'HashTableV2')
    model.constant('file', STRING, [], [b'/where/it/was/trained/words.txt'])
    attributes = {'key_index': {'i': key_index}, 'vocab_size': {'i': 2}, 'key_dtype': {'type': dtype}}
    model.node('init', 'InitializeTableFromTextFileV2', 'table', 'file', **attributes)
    model.node('find', 'LookupTableFindV2', 'table', 'x', 'default')
    assert model.values('every known value').tolist() == keys


def test_ids_stay_below_the_rows_of_the_smallest_embedding(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT64, [-1, -1]))
    model.node('large', 'VarHandleOp', shape=shape(50, 8))
    model.node('gather', 'ResourceGather', 'large', 'x')
    model.node('small', 'VariableV2', shape=shape(8, 5))
    model.node('read', 'Identity', 'small')
    model.constant('axis', INT32, [], [1])
    model.node('reshaped', 'Reshape', 'x', 'to')
    model.node('gather2', 'GatherV2', 'read', 'reshaped', 'axis')
    assert set(model.every()) == set(range(5))


def test_a_large_embedding_is_tried_from_end_to_end_with_few_ids(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, [-1]))
    model.node('rows', 'VariableV2', shape=shape(30_522, 8))
    model.node('gather', 'Gather', 'rows', 'x')
    ids = model.values('every known value')
    assert len(ids) == 500
    assert ids.min() == 0
    assert 30_000 < ids.max() < 30_522


def test_integers_that_the_graph_says_nothing_of_are_small(tmp_path: Path) -> None:
    assert set(Model(tmp_path, x=(INT32, [-1, 9])).every()) == {0, 1, 2}


def test_images_are_png_also_in_base64_and_in_the_loops_of_map_fn(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('array', 'TensorArrayV3')
    model.node('scatter', 'TensorArrayScatterV3', 'array', 'range', 'x', 'array:1')
    model.node('enter', 'Enter', 'array')
    model.node('element', 'TensorArrayReadV3', 'enter', 'index', 'flow')
    model.node('plain', 'DecodeBase64', 'element')
    model.node('image', 'DecodeJpeg', 'plain')
    assert all(value.startswith(b'iVBORw0KGgo') for value in model.values('batch of 2'))


def test_numbers_as_text(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('number', 'StringToNumber', 'x')
    assert [float(value) for value in model.every()]


def test_integers_as_text(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('number', 'StringToNumber', 'x').attr['out_type'].type = INT32
    assert len({int(value) for value in model.every()}) > 5


@pytest.mark.parametrize('out_type', [FLOAT, INT64])
def test_digits_that_others_are_joined_to(tmp_path: Path, out_type: int) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('joined', 'StringJoin', model.constant('zero', STRING, [], [b'0']), 'x')
    model.node('number', 'StringToNumber', 'joined').attr['out_type'].type = out_type
    assert all(value.isdigit() for value in model.every())


def test_numbers_that_are_read_in_several_ways(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('number', 'StringToNumber', 'x').attr['out_type'].type = FLOAT
    model.node('integer', 'StringToNumber', 'x').attr['out_type'].type = INT32
    assert [int(value) for value in model.every()]


def test_a_joined_string_is_no_key(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    table = model.table([b'user:ann', b'user:bob'])
    model.node('joined', 'StringJoin', model.constant('prefix', STRING, [], [b'user:']), 'x')
    model.node('found', 'LookupTableFindV2', table, 'joined', 'default')
    assert not {b'user:ann', b'user:bob'}.intersection(model.every())


def test_sparse_inputs_are_fed_as_their_parts(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]))
    sparse = model.graph.signature_def['a'].inputs['x'].coo_sparse
    sparse.indices_tensor_name, sparse.values_tensor_name, sparse.dense_shape_tensor_name = 'i:0', 'v:0', 's:0'
    tensors = {name: tensor.array for name, tensor in model.inputs().cases[2].tensors.items()}
    assert tensors['x_dense_shape'].tolist() == [7, 4]
    assert tensors['x_indices'].shape == (len(tensors['x_values']), 2)
    assert (tensors['x_indices'] < [7, 4]).all()


def test_sparse_inputs_have_as_many_columns_as_what_they_are_multiplied_with_has_rows(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, -1]))
    sparse = model.graph.signature_def['a'].inputs['x'].coo_sparse
    sparse.indices_tensor_name, sparse.values_tensor_name, sparse.dense_shape_tensor_name = 'i:0', 'v:0', 's:0'
    weights = model.constant('weights', FLOAT, [5, 1], [1.0] * 5)
    model.node('product', 'SparseTensorDenseMatMul', 'i', 'v', 's', weights)
    shapes = [case.tensors['x_dense_shape'].array.tolist() for case in model.inputs().cases]
    assert {columns for _, columns in shapes} == {5}


def test_tables_and_embeddings_are_found_behind_function_calls(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    table = model.table([b'red', b'blue'])
    model.node('rows', 'VarHandleOp', shape=shape(4, 2))
    call = model.node('call', 'StatefulPartitionedCall', 'x', table, 'rows')
    call.attr['f'].func.name = 'body'
    function = model.graph.graph_def.library.function.add()
    function.signature.name = 'body'
    for name in ('words', 'handle', 'embedding'):
        function.signature.input_arg.add(name=name)
    function.signature.output_arg.add(name='result')
    function.ret['result'] = 'hop:output:0'
    add_node(function.node_def, 'find', 'LookupTableFindV2', 'handle', 'words', 'default')
    add_node(function.node_def, 'hop', 'Identity', 'words')
    model.node('again', 'LookupTableFindV2', model.node('other', 'HashTableV2').name, 'call', 'default')
    model.node('init2', 'InitializeTableV2', 'other', model.constant('more', STRING, [1], [b'green']), 'values')
    assert set(model.values('every known value')) == {b'red', b'blue', b'green'}


def ragged_model(tmp_path: Path) -> Model:
    """`x` is a ragged tensor of ids below 5 with two dimensions of rows."""
    model = Model(tmp_path, x=(INT32, [-1]))
    info = model.graph.signature_def['a'].inputs['x']
    info.Clear()
    info.composite_tensor.type_spec.type_spec_class = 3
    parts = {'x': INT32, 'x/row_splits_0': INT64, 'x/row_splits_1': INT64}
    for name, dtype in parts.items():
        info.composite_tensor.components.add(name=f'{name}:0', dtype=dtype)
        if name != 'x':
            add_placeholder(model.message, name, dtype, [-1])
    model.node('rows', 'Gather', model.constant('embedding', FLOAT, [5], [0.0] * 5), 'x')
    return model


def test_ragged_tensors_have_rows_for_each_batch_and_values_for_each_row(tmp_path: Path) -> None:
    for case in ragged_model(tmp_path).inputs().cases:
        values, outer, inner = (case.tensors[f'x_component_{number}'].array for number in range(3))
        for splits in (outer, inner):
            assert splits.dtype == np.int64
            assert splits[0] == 0
            assert (np.diff(splits) >= 0).all()
        assert len(inner) - 1 == outer[-1]
        assert len(values) == inner[-1] > 0


def test_ragged_tensors_come_in_several_batches_with_values_that_the_graph_knows(tmp_path: Path) -> None:
    model = ragged_model(tmp_path)
    cases = {case.name: case.tensors for case in model.inputs().cases}
    assert [len(cases[f'batch of {size}']['x_component_1'].array) for size in (1, 2, 7)] == [2, 3, 8]
    assert set(cases['every known value']['x_component_0'].array.tolist()) == set(range(5))


def test_components_of_another_kind_are_not_made_up(tmp_path: Path) -> None:
    model = ragged_model(tmp_path)
    model.graph.signature_def['a'].inputs['x'].composite_tensor.type_spec.type_spec_class = 2  # indexed slices
    assert not model.inputs().cases
    assert 'composite' in model.inputs().description


def test_words_of_all_kinds_in_base64(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]), y=(STRING, [-1]))
    for name in 'xy':
        model.node(f'plain_{name}', 'DecodeBase64', name)
    model.node('find', 'LookupTableFindV2', model.table([b'red', b'green']), 'plain_x', 'default')
    words = {base64.urlsafe_b64decode(value + b'==') for value in model.every()}
    assert {b'red', b'green'} <= words
    assert all(base64.urlsafe_b64decode(value + b'==').decode() for value in model.every('y'))

"""Inputs made up from graphs that are written by hand: no TensorFlow is needed for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from migrate.saved_model.contract import read_contract
from migrate.saved_model.graph import graph_of
from migrate.saved_model.schema import message_class, parse_binary
from migrate.verify.inputs import Inputs, make_up_inputs
from migrate.verify.vocabularies import Assets
from tests.migrate.saved_model.messages import BOOL, FLOAT, INT32, INT64, STRING, add_placeholder, saved_model


class Model:
    """A model with one signature `a`, to which nodes are added."""

    def __init__(self, directory: Path, **inputs: tuple[int, list[int] | None]) -> None:
        self._directory = directory
        self.message = saved_model({'a': {'inputs': inputs}})
        self.graph = self.message.meta_graphs[0]
        for name, (dtype, shape) in inputs.items():
            add_placeholder(self.message, name, dtype, shape or [])

    def node(self, name: str, op: str, *inputs: str, **attributes: Any) -> Any:
        return add_node(self.graph.graph_def.node, name, op, *inputs, **attributes)

    def constant(self, name: str, dtype: int, shape: list[int], values: list[Any]) -> str:
        field = {INT32: 'int_val', INT64: 'int64_val', STRING: 'string_val', FLOAT: 'float_val'}[dtype]
        tensor = message_class('TensorProto')(dtype=dtype, **{field: values})
        tensor.tensor_shape.SetInParent()
        for size in shape:
            tensor.tensor_shape.dim.add(size=size)
        self.node(name, 'Const').attr['value'].tensor.CopyFrom(tensor)
        return name

    def table(self, words: list[bytes], handle: str = 'table') -> str:
        self.node(handle, 'HashTableV2')
        self.node('init', 'InitializeTableV2', handle, self.constant('keys', STRING, [len(words)], words), 'values')
        return handle

    def inputs(self, seed: int = 0) -> Inputs:
        signature = read_contract(self._directory, self.message).graphs[0].signatures['a']
        assets = Assets(self._directory, self.graph)
        return make_up_inputs(graph_of(self.graph), assets, signature, signature, seed)

    def values(self, case: str, name: str = 'x') -> Any:
        (found,) = [each for each in self.inputs().cases if each.name == case]
        return found.tensors[name].array

    def every(self, name: str = 'x') -> list[Any]:
        return [value for case in self.inputs().cases for value in case.tensors[name].array.ravel().tolist()]


def add_node(nodes: Any, name: str, op: str, *inputs: str, **attributes: Any) -> Any:
    node = nodes.add(name=name, op=op)
    node.input.extend(inputs)
    for key, value in attributes.items():
        node.attr[key].CopyFrom(message_class('AttrValue')(**value))
    return node


def shape(*sizes: int) -> dict[str, Any]:
    return {'shape': {'dim': [{'size': size} for size in sizes]}}


def features(serialized: bytes) -> dict[str, list[Any]]:
    found = {}
    for key, feature in parse_binary('Example', serialized).features.feature.items():
        found[key] = list(getattr(feature, feature.WhichOneof('kind')).value)
    return found


def test_batches_of_several_sizes_are_shared_by_all_inputs(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]), y=(FLOAT, [-1, -1]), z=(FLOAT, [2]))
    shapes = {case.name: [tensor.array.shape for tensor in case.tensors.values()] for case in model.inputs().cases}
    usual = {f'batch of {size}': [(size, 4), (size, 3), (2,)] for size in (1, 2, 7)}
    assert shapes == {**usual, 'longer rows': [(2, 4), (2, 20), (2,)]}


def test_numbers_are_mixed_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 20]))
    values = model.values('batch of 7')
    assert (values < 0).any()
    assert (values == 0).any()
    assert (values > 0).any()
    assert np.abs(values).max() > 5 * np.abs(values[0]).max()
    assert np.array_equal(values, model.values('batch of 7'))
    assert not np.array_equal(values, model.inputs(seed=1).cases[2].tensors['x'].array)


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
    assert list(shapes_of(model).values()) == [[(1, 4)], [(2, 4)], [(7, 4)]]


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


def test_nothing_but_zeros_is_never_drawn(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, []))
    assert all(
        value for seed in range(20) for case in model.inputs(seed=seed).cases for value in [case.tensors['x'].array]
    )


def test_signatures_without_inputs_have_one_case(tmp_path: Path) -> None:
    assert [case.tensors for case in Model(tmp_path).inputs().cases] == [{}]


def test_an_input_with_a_default_is_left_out_once(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]), y=(FLOAT, [-1]))
    model.graph.graph_def.node[1].op = 'PlaceholderWithDefault'
    cases = model.inputs().cases
    assert [(case.leaves_out, list(case.tensors)) for case in cases if case.leaves_out] == [('y', ['x'])]


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


def examples_model(tmp_path: Path, op: str) -> Model:
    """Dense `age` (two floats), dense `count` with a default, sparse `words` that a table knows."""
    model = Model(tmp_path, x=(STRING, [-1]))
    constants = {'none': [], 'age': [b'age'], 'count': [b'count'], 'words': [b'words'], 'dense': [b'age', b'count']}
    for name, values in constants.items():
        model.constant(name, STRING, [len(values)] if name in ('none', 'dense') else [], values)
    model.constant('no default', FLOAT, [0], [])
    model.constant('default', INT64, [], [7])
    attributes = {
        'sparse_types': {'list': {'type': [STRING]}},
        'Tdense': {'list': {'type': [FLOAT, INT64]}},
        'dense_shapes': {'list': {'shape': [{'dim': [{'size': 2}]}, {}]}},
    }
    if op == 'ParseExample':
        inputs = ['none', 'words', 'age', 'count']
        attributes |= {'Nsparse': {'i': 1}, 'Ndense': {'i': 2}}
    elif op == 'ParseExampleV2':
        inputs = ['none', 'words', 'dense', 'none']
    else:
        inputs = []
        attributes |= {'sparse_keys': {'list': {'s': [b'words']}}, 'dense_keys': {'list': {'s': [b'age', b'count']}}}
    model.node('parse', op, 'x', *inputs, 'no default', 'default', **attributes)
    model.node('find', 'LookupTableFindV2', model.table([b'red', b'blue']), 'parse:1', 'default')
    return model


@pytest.mark.parametrize('op', ['ParseExample', 'ParseExampleV2', 'ParseSingleExample'])
def test_examples_hold_what_their_parser_asks_for(tmp_path: Path, op: str) -> None:
    model = examples_model(tmp_path, op)
    rows = [features(value) for value in model.every()]
    assert all(len(row['age']) == 2 for row in rows)
    assert {'count' in row for row in rows} == {True, False}
    words = {word for row in rows for word in row.get('words', [])}
    assert words > {b'red', b'blue'}


def test_examples_leave_out_what_has_a_default_that_the_graph_shapes(tmp_path: Path) -> None:
    """So TensorFlow 1 writes every default."""
    model = examples_model(tmp_path, 'ParseExample')
    model.node('shaped default', 'Reshape', 'default', model.constant('shape of it', INT32, [0], []))
    (parser,) = [node for node in model.graph.graph_def.node if node.op == 'ParseExample']
    parser.input[-1] = 'shaped default'
    assert {'count' in features(value) for value in model.every()} == {True, False}


def test_examples_with_values_beside_constants(tmp_path: Path) -> None:
    model = examples_model(tmp_path, 'ParseExample')
    model.node('limited', 'Minimum', 'parse:4', model.constant('limit', INT64, [], [120]))
    rows = [features(value) for value in model.values('values beside constants')]
    assert {118, 120, 122} <= {count for row in rows for count in row['count']}


def test_examples_within_examples(tmp_path: Path) -> None:
    model = examples_model(tmp_path, 'ParseSingleExample')
    keys = {'sparse_keys': {'list': {}}, 'dense_keys': {'list': {'s': [b'inner']}}}
    kinds = {'Tdense': {'list': {'type': [FLOAT]}}, 'dense_shapes': {'list': {'shape': [{}]}}}
    model.node('inside', 'ParseSingleExample', 'parse:1', model.constant('no inner', FLOAT, [0], []), **keys, **kinds)
    outer = [features(value) for value in model.every()]
    inner = [features(word) for row in outer for word in row.get('words', [])]
    assert inner
    assert all(len(row['inner']) == 1 for row in inner)


def test_every_word_that_a_feature_knows_is_tried(tmp_path: Path) -> None:
    rows = [features(value) for value in examples_model(tmp_path, 'ParseExample').values('every known value')]
    assert [row['words'] for row in rows] == [[b'red'], [b'blue']]


def test_parsers_whose_keys_cannot_be_read_are_no_reason_to_prove_nothing_silently(tmp_path: Path) -> None:
    model = examples_model(tmp_path, 'ParseExampleV2')
    next(node for node in model.graph.graph_def.node if node.name == 'dense').op = 'Placeholder'
    with pytest.raises(ValueError, match='zip'):
        model.inputs()


def test_an_unknown_rank_is_a_vector_where_a_parser_asks_for_one(tmp_path: Path) -> None:
    model = examples_model(tmp_path, 'ParseExample')
    model.graph.signature_def['a'].inputs['x'].tensor_shape.unknown_rank = True
    assert {case.tensors['x'].array.ndim for case in model.inputs().cases} == {1}


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


def test_sizes_that_only_the_new_model_declares_are_tried_as_well(tmp_path: Path) -> None:
    old, new = (Model(tmp_path / name, x=(FLOAT, shape)) for name, shape in (('old', [-1, -1]), ('new', [1, 8])))
    contracts = [read_contract(tmp_path, each.message).graphs[0].signatures['a'] for each in (old, new)]
    cases = make_up_inputs(graph_of(old.graph), Assets(tmp_path, old.graph), *contracts, 0).cases
    shapes = [case.tensors['x'].array.shape for case in cases]
    assert shapes == [(1, 3), (2, 3), (7, 3), (2, 8), (7, 8)]


def test_values_beside_the_constants_that_a_number_is_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('limited', 'Minimum', 'x', model.constant('limit', FLOAT, [], [1000.0]))
    values = model.values('values beside constants')
    assert {990.0, 1000.0, 1010.0} <= set(values.tolist())
    assert values.max() > 2000
    assert values.min() < -1000


def test_a_number_that_was_computed_with_is_not_exactly_what_it_is_compared_with(tmp_path: Path) -> None:
    """On the constant itself the last bit would decide."""
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('double', 'Mul', 'x', model.constant('two', FLOAT, [], [2.0]))
    model.node('limited', 'Greater', 'double', model.constant('limit', FLOAT, [], [300.0]))
    values = model.values('values beside constants')
    assert 300.0 not in values
    assert min(values) < 150 < max(values)


def test_whole_numbers_beside_constants_fit_their_dtype(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(4, [-1]))  # uint8
    model.node('limited', 'Minimum', 'x', model.constant('limit', INT32, [], [200]))
    assert set(model.values('values beside constants').tolist()) == {198, 200, 202, 220}


def test_negative_numbers_where_signs_matter(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, [-1]))
    model.node('size', 'Abs', 'x')
    assert min(model.values('values beside constants')) < 0


def test_words_that_a_string_is_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('is', 'Equal', 'x', model.constant('word', STRING, [], [b'admin']))
    assert model.values('values beside constants').tolist() == [b'admin']


def test_the_empty_word_that_a_string_is_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('is', 'NotEqual', 'x', model.constant('word', STRING, [], [b'']))
    assert model.values('values beside constants').tolist() == [b'']


def test_texts_where_letters_matter(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('stripped', 'StringStrip', 'x')
    values = model.values('values beside constants')
    assert b'' in values
    assert any(value != value.strip() for value in values)


def test_no_number_where_the_model_asks_for_it(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('is_nan', 'IsNan', 'x')
    assert np.isnan(model.values('values beside constants')).any()


def test_ids_stay_below_what_they_are_looked_up_in_whatever_they_are_compared_with(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(INT32, [-1]))
    model.node('rows', 'Gather', model.constant('embedding', FLOAT, [5], [0.0] * 5), 'x')
    model.node('is', 'Equal', 'x', model.constant('limit', INT32, [], [100]))
    assert all(0 <= value < 5 for value in model.every())


def test_nothing_beside_constants_of_sums_and_masks(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1]))
    model.node('sum', 'Add', 'x', model.constant('bias', FLOAT, [], [3.0]))
    model.node('masked', 'Maximum', 'x', model.constant('mask', FLOAT, [], [-1e9]))
    assert 'values beside constants' not in {case.name for case in model.inputs().cases}


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


def test_rows_of_unknown_length_are_longer_in_one_case(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, -1]))
    assert model.values('batch of 2').shape == (2, 3)
    assert model.values('longer rows').shape == (2, 20)


def test_rows_of_known_length_and_images_are_not_longer(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(FLOAT, [-1, 4]), image=(FLOAT, [-1, -1, -1, 3]))
    assert 'longer rows' not in {case.name for case in model.inputs().cases}

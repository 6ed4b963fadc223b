"""tf.Examples made up for the nodes that parse them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.migrate.saved_model.messages import FLOAT, INT32, INT64, STRING
from tests.migrate.verify.handmade import Model, features


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


def test_examples_in_json_and_in_base64(tmp_path: Path) -> None:
    model = Model(tmp_path, x=(STRING, [-1]))
    model.node('plain', 'DecodeBase64', 'x')
    model.node('read', 'DecodeJSONExample', 'plain')
    node = model.node('parse', 'ParseSingleExample', 'read')
    node.attr['dense_keys'].list.s.append(b'age')
    node.attr['Tdense'].list.type.append(INT64)
    node.attr['dense_shapes'].list.shape.add().dim.add(size=2)
    node.input.append(model.constant('none', INT64, [0], []))
    for value in model.every():
        document = json.loads(base64.urlsafe_b64decode(value + b'=='))
        assert len(document['features']['feature']['age']['int64List']['value']) == 2

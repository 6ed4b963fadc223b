"""Values at which only the new model changes its ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.migrate.saved_model.messages import FLOAT, INT32, INT64, STRING
from tests.migrate.verify.handmade import Model, features


def _values(old: Model, new: Model, case: str) -> list[Any]:
    (found,) = [each for each in old.inputs(new=new).cases if each.name == case]
    return list(found.tensors['x'].array.ravel().tolist())


def _models(directory: Path, dtype: int) -> tuple[Model, Model]:
    return Model(directory / 'old', x=(dtype, [-1])), Model(directory / 'new', x=(dtype, [-1]))


def test_numbers_beside_a_limit_that_only_the_new_model_has(tmp_path: Path) -> None:
    old, new = _models(tmp_path, FLOAT)
    new.node('limited', 'Minimum', 'x', new.constant('limit', FLOAT, [], [5000.0]))
    assert max(_values(old, new, 'values beside constants')) > 5000


def test_words_that_only_the_table_of_the_new_model_has(tmp_path: Path) -> None:
    old, new = _models(tmp_path, STRING)
    for model, words in ((old, [b'apple', b'pear']), (new, [b'apple', b'pear', b'plum'])):
        model.node('found', 'LookupTableFindV2', model.table(words), 'x', 'default')
    assert _values(old, new, 'values that only the new model knows') == [b'plum']
    assert set(_values(old, new, 'every known value')) == {b'apple', b'pear'}


def test_batches_of_a_size_that_only_the_new_model_asks_for(tmp_path: Path) -> None:
    old, new = _models(tmp_path, FLOAT)
    new.node('size', 'Size', 'x')
    new.node('many', 'Greater', 'size', new.constant('limit', FLOAT, [], [50.0]))
    assert {'batch of 50', 'batch of 51'} <= {case.name for case in old.inputs(new=new).cases}


def test_limits_and_features_that_only_the_parser_of_the_new_model_has(tmp_path: Path) -> None:
    old, new = _models(tmp_path, STRING)
    for model, keys in ((old, ['age']), (new, ['age', 'size'])):
        parser = model.node('parse', 'ParseExample', 'x', 'names', *keys, *(['no_default'] * len(keys)))
        model.constant('no_default', FLOAT, [0], [])
        for key in keys:
            model.constant(key, STRING, [], [key.encode()])
        parser.attr['Ndense'].i = len(keys)
        parser.attr['Tdense'].list.type.extend([FLOAT] * len(keys))
        for _ in keys:
            parser.attr['dense_shapes'].list.shape.add().dim.add(size=1)
    new.node('limited', 'Minimum', 'parse:0', new.constant('limit', FLOAT, [], [5000.0]))
    rows = [features(row) for row in _values(old, new, 'batch of 2')]
    assert [sorted(row) for row in rows] == [['age', 'size'], ['age']]  # the old model goes without
    assert max(features(row)['age'][0] for row in _values(old, new, 'values beside constants')) > 5000


def test_models_that_are_alike_get_the_same_cases_as_one(tmp_path: Path) -> None:
    old, new = _models(tmp_path, STRING)
    for model in (old, new):
        model.node('found', 'LookupTableFindV2', model.table([b'apple', b'pear']), 'x', 'default')
    assert [case.name for case in old.inputs(new=new).cases] == [case.name for case in old.inputs().cases]


@pytest.mark.parametrize('is_new', [False, True])
def test_rows_that_are_longer_than_what_one_of_the_models_cuts_them_to(tmp_path: Path, is_new: bool) -> None:
    old, new = (Model(tmp_path / name, x=(FLOAT, [-1, -1])) for name in ('old', 'new'))
    model = new if is_new else old
    ends = [model.constant(name, INT32, [2], values) for name, values in (('begin', [0, 0]), ('end', [0, 50]))]
    steps = model.constant('steps', INT32, [2], [1, 1])
    model.node('cut', 'StridedSlice', 'x', *ends, steps, begin_mask={'i': 3}, end_mask={'i': 1})
    shapes = {case.name: case.tensors['x'].array.shape for case in old.inputs(new=new).cases}
    assert shapes['rows of 51'] == (2, 51)


def test_more_values_in_a_feature_than_what_the_new_model_cuts_them_to(tmp_path: Path) -> None:
    old, new = _models(tmp_path, STRING)
    for model in (old, new):
        model.constant('tags', STRING, [], [b'tags'])
        parser = model.node('parse', 'ParseExample', 'x', 'names', 'tags', Nsparse={'i': 1})
        parser.attr['sparse_types'].list.type.append(STRING)
        model.node('dense', 'SparseToDense', 'parse:0', 'parse:2', 'parse:1', 'default')
    ends = [new.constant(name, INT32, [2], values) for name, values in (('begin', [0, 0]), ('size', [-1, 5]))]
    new.node('cut', 'Slice', 'dense', *ends)
    row, _ = _values(old, new, '6 values in a feature')
    assert len(features(row)['tags']) == 6


def test_rows_in_which_an_embedding_differs_that_is_a_constant(tmp_path: Path) -> None:
    old, new = _models(tmp_path, INT64)
    values = [float(number) for number in range(2000)]
    for model in (old, new):
        model.node('rows', 'Gather', model.constant('embedding', FLOAT, [1000, 2], values), 'x')
        values = [*values[:1501], 0.5, *values[1502:]]
    assert _values(old, new, 'rows that differ') == [750]

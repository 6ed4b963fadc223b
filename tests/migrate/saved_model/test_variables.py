"""Checkpoints are read without TensorFlow; those here were written by it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from migrate.saved_model.reading import ModelError
from migrate.saved_model.slices import Place, read_key
from migrate.saved_model.tables import _decompressed
from migrate.saved_model.variables import Variable, read_value, read_variables

SAMPLES = Path(__file__).parents[3] / 'sample_projects'
FLOWERS = SAMPLES / 'flower_classifier/exported_by_tf1/flower-model'


def about(variables: dict[str, Variable]) -> dict[str, tuple[str, object]]:
    return {name: (each.dtype, each.shape) for name, each in variables.items()}


def test_names_dtypes_and_shapes() -> None:
    assert about(read_variables(FLOWERS)) == {
        'hidden/biases': ('float32', (8,)),
        'hidden/weights': ('float32', (4, 8)),
        'softmax/biases': ('float32', (3,)),
        'softmax/weights': ('float32', (8, 3)),
    }


def test_values() -> None:
    model = SAMPLES / 'half_plus_two/exported_by_tf1/half-plus-two/1'
    found = {name: read_value(model, each) for name, each in read_variables(model).items()}
    assert {name: value.tolist() for name, value in found.items() if value is not None} == {'a': 0.5, 'b': 2.0}


def test_a_model_without_variables_has_none(tmp_path: Path) -> None:
    assert read_variables(tmp_path) == {}


def test_what_tensorflow_2_saved_goes_by_the_names_of_its_program(tmp_path: Path) -> None:
    tf = pytest.importorskip('tensorflow')
    module = tf.Module()
    module.attribute = tf.Variable([[1.0, 2.0]], name='weights')
    module.inner = {'count': tf.Variable(7, name='scope/count')}
    module.several = [tf.Variable(1.0), tf.Variable(2.0)]
    tf.saved_model.save(module, str(tmp_path))
    variables = read_variables(tmp_path)
    assert about(variables) == {
        'weights': ('float32', (1, 2)),
        'scope/count': ('int32', ()),
        'several/0': ('float32', ()),
        'several/1': ('float32', ()),
    }
    value = read_value(tmp_path, variables['weights'])
    assert value is not None
    np.testing.assert_array_equal(value, [[1.0, 2.0]])


@pytest.mark.parametrize(
    ('compressed', 'plain'),
    [
        (b'\x05\x10hello', b'hello'),
        (b'\x0a\x04ab\x11\x02', b'ab' * 5),  # eight bytes again, from two before
        (b'\x06\x04ab\x0e\x02\x00', b'ababab'),
        (bytes([100, 0xF0, 99]) + b'x' * 100, b'x' * 100),
    ],
)
def test_compressed_blocks(compressed: bytes, plain: bytes) -> None:
    assert _decompressed(compressed) == plain


def test_a_variable_that_was_saved_in_parts_is_one(tmp_path: Path) -> None:
    tf = pytest.importorskip('tensorflow')
    prefix = str(tmp_path / 'variables' / 'variables')
    parts = [tf.constant([1.0, 2.0]), tf.constant([3.0])]
    tf.raw_ops.SaveV2(prefix=prefix, tensor_names=['w', 'w'], shape_and_slices=['3 0,2', '3 2,1'], tensors=parts)
    variables = read_variables(tmp_path)
    assert about(variables) == {'w': ('float32', (3,))}
    assert read_value(tmp_path, variables['w']) is None
    found = [(part.start, read_value(tmp_path, part.variable)) for part in variables['w'].parts]
    assert [(start, None if value is None else value.tolist()) for start, value in found] == [
        ((0,), [1.0, 2.0]),
        ((2,), [3.0]),
    ]
    assert [part.variable.name for part in variables['w'].parts] == ['w/part_0', 'w/part_1']


def test_keys_of_parts() -> None:
    tensorflow_wrote = {
        b'\0w\0\x01\x01\x01\x80\x82': Place('w', (0,)),
        b'\0w\0\x01\x01\x01\x82\x81': Place('w', (2,)),
        b'\0a/b\0\x01\x01\x02\xc1\xf4\x94\x80\x7f': Place('a/b', (500, 0)),
    }
    assert {key: read_key(key) for key in tensorflow_wrote} == tensorflow_wrote


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FLOWERS, tmp_path / 'model'))


@pytest.mark.parametrize('size', [0, 20, 100, 200])
def test_an_index_that_is_cut_short_is_damaged(copy: Path, size: int) -> None:
    index = copy / 'variables' / 'variables.index'
    index.write_bytes(index.read_bytes()[:size])
    with pytest.raises(ModelError, match='is damaged'):
        read_variables(copy)


def test_flipped_bits_are_an_error_or_read_as_something_else(copy: Path) -> None:
    index = copy / 'variables' / 'variables.index'
    good = index.read_bytes()
    for seed in range(300):
        chance, data = random.Random(seed), bytearray(good)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        index.write_bytes(data)
        try:
            for each in read_variables(copy).values():
                read_value(copy, each)
        except ModelError:
            pass


def test_a_shard_that_is_cut_short_is_named(copy: Path) -> None:
    shard = copy / 'variables' / 'variables.data-00000-of-00001'
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(ModelError, match=r'variables\.data-00000-of-00001 is cut short'):
        read_variables(copy)


def test_a_missing_shard_is_named(copy: Path) -> None:
    (copy / 'variables' / 'variables.data-00000-of-00001').unlink()
    with pytest.raises(ModelError, match=r'are missing: there is no .*variables\.data-00000-of-00001'):
        read_variables(copy)

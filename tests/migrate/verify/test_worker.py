from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from migrate.verify import worker
from migrate.verify.worker import Tensor, load_tensors, save_tensors


def text(values: list[bytes], *shape: int) -> Tensor:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return Tensor('string', array.reshape(shape))


TENSORS = {
    'text': text([b'', b'\0', b'a\0\0', b'\xff\xfe', 'ü'.encode(), b' '], 3, 2),
    'no text': text([], 0, 4),
    'scalar text': text([b'one']),
    'float64': Tensor('float64', np.array([[np.nan, -0.0, np.inf]])),
    'float16': Tensor('float16', np.array([1.5], dtype=np.float16)),
    'bfloat16': Tensor('bfloat16', np.array([0x7FC1, 0x8000], dtype=np.uint16)),
    'complex64': Tensor('complex64', np.array(1 - 2j, dtype=np.complex64)),
    'bool': Tensor('bool', np.array([True, False])),
    'uint64': Tensor('uint64', np.array([2**64 - 1], dtype=np.uint64)),
    'ä/b c:0': Tensor('int8', np.arange(6, dtype=np.int8).reshape(2, 3).T),
}


@pytest.mark.parametrize('name', TENSORS)
def test_tensors_survive_the_file(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / 'tensors.npz')
    save_tensors(path, TENSORS)
    loaded = load_tensors(path)
    assert set(loaded) == set(TENSORS)
    assert loaded[name].dtype == TENSORS[name].dtype
    assert loaded[name].array.shape == TENSORS[name].array.shape
    if loaded[name].dtype == 'string':
        assert loaded[name].array.tolist() == TENSORS[name].array.tolist()
    else:
        assert loaded[name].array.tobytes() == TENSORS[name].array.tobytes()


def test_files_that_could_run_code_are_refused(tmp_path: Path) -> None:
    path = tmp_path / 'pickled.npz'
    np.savez(path, manifest=np.array([{'a': 1}], dtype=object))
    with pytest.raises(ValueError, match='allow_pickle'):
        load_tensors(str(path))


def test_bits_are_the_same_or_not() -> None:
    nan, other_nan = (np.array([bits], dtype=np.uint32).view(np.float32) for bits in (0x7FC00000, 0x7FC00001))
    one = {'a': Tensor('float32', nan), 'b': TENSORS['text']}
    assert worker.same_bits(one, dict(one))
    assert not worker.same_bits(one, {**one, 'a': Tensor('float32', other_nan)})
    assert not worker.same_bits(one, {**one, 'b': text([b'x'] * 6, 3, 2)})
    assert not worker.same_bits(one, {'a': one['a']})


def test_old_interpreters_can_read_it() -> None:
    source = Path(worker.__file__).read_text(encoding='utf-8')
    tree = ast.parse(source, feature_version=(3, 6))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert '__future__' not in imported  # annotations came with 3.7
    assert 'dataclasses' not in imported


def test_errors_become_one_line() -> None:
    error = ValueError(
        'Graph execution error:\n\nDetected at node "a" defined at (most recent call last):\n'
        '<stack traces unavailable>\nmust be 3\n\t [[{{node a}}]]\n\nOriginal stack trace for "a":\nlong'
    )
    assert worker.describe(error) == 'ValueError: must be 3'
    unknown = ValueError(
        "Op type not registered 'A' in binary running on vm. Make sure the Op and Kernel are registered"
    )
    assert worker.describe(unknown) == "ValueError: Op type not registered 'A' in binary running on vm."


def test_libraries_for_another_tensorflow_are_passed_over_where_one_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tf = pytest.importorskip('tensorflow')
    compiler = shutil.which('cc') or pytest.skip('there is no C compiler')
    good, bad = tmp_path / 'good.so', tmp_path / 'bad.so'
    bad.touch()
    subprocess.run([compiler, '-shared', '-x', 'c', os.devnull, '-o', good], check=True)
    for paths, said in (([], ''), ([bad, good], ''), ([bad], 'bad.so: file too short')):
        monkeypatch.setenv('SAVEDMODEL_MIGRATE_OP_LIBRARIES', os.pathsep.join(map(str, paths)))
        error = worker.load_op_libraries(tf)
        assert error.endswith(said)
        assert bool(error) == bool(said)

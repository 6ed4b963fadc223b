from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.saved_model.reading import ModelError, read_saved_model
from tests.migrate.saved_model.messages import FLOAT, saved_model

MODEL = saved_model({'serving_default': {'inputs': {'x': (FLOAT, [-1])}}})


def write(directory: Path, data: bytes, name: str = 'saved_model.pb') -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_bytes(data)
    return directory


def refusal(directory: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        read_saved_model(directory)
    return caught.value


def test_reads_the_binary_file(tmp_path: Path) -> None:
    model = read_saved_model(write(tmp_path / 'model', MODEL.SerializeToString()))
    assert list(model.meta_graphs[0].signature_def) == ['serving_default']


def test_reads_the_text_file(tmp_path: Path) -> None:
    model = read_saved_model(write(tmp_path, str(MODEL).encode(), 'saved_model.pbtxt'))
    assert list(model.meta_graphs[0].signature_def) == ['serving_default']


def test_the_binary_file_counts_as_it_does_for_loaders(tmp_path: Path) -> None:
    write(tmp_path, b'something else', 'saved_model.pbtxt')
    assert read_saved_model(write(tmp_path, MODEL.SerializeToString())).meta_graphs


def test_says_that_there_is_no_such_directory(tmp_path: Path) -> None:
    assert 'there is no directory' in refusal(tmp_path / 'nowhere').message


def test_says_that_a_file_was_named(tmp_path: Path) -> None:
    write(tmp_path, b'')
    assert 'is a file' in refusal(tmp_path / 'saved_model.pb').message


def test_names_the_newest_version_of_a_model_base_directory(tmp_path: Path) -> None:
    for version in ('9', '10', 'notes'):
        (tmp_path / version).mkdir()
    for version in ('9', '10'):
        write(tmp_path / version, MODEL.SerializeToString())
    error = refusal(tmp_path)
    assert 'holds no saved_model.pb' in error.message
    assert error.advice.endswith(f'as {tmp_path / "10"}.')


def test_a_name_with_a_blank_is_shown_as_a_shell_takes_it(tmp_path: Path) -> None:
    (tmp_path / 'my model').mkdir()
    write(tmp_path / 'my model', MODEL.SerializeToString())
    assert refusal(tmp_path).advice.endswith(f"as '{tmp_path / 'my model'}'.")


@pytest.mark.parametrize('data', [b'', MODEL.SerializeToString()[:-5], b'version https://git-lfs.github.com/spec/v1\n'])
def test_refuses_files_that_are_empty_cut_short_or_something_else(tmp_path: Path, data: bytes) -> None:
    assert 'saved_model.pb' in refusal(write(tmp_path, data)).message


def test_says_that_a_model_in_chunks_is_not_read(tmp_path: Path) -> None:
    (tmp_path / 'saved_model.cpb').touch()
    with pytest.raises(ModelError) as caught:
        read_saved_model(tmp_path)
    assert 'a model in chunks, which is not read here' in caught.value.advice


def test_refuses_text_that_is_no_model(tmp_path: Path) -> None:
    assert 'is damaged' in refusal(write(tmp_path, b'\xff\xfe', 'saved_model.pbtxt')).message


def test_refuses_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / 'saved_model.pb').mkdir()
    assert 'cannot be read' in refusal(tmp_path).message


def test_refuses_what_no_protobuf_library_reads(tmp_path: Path) -> None:
    write(tmp_path, b'')
    os.truncate(tmp_path / 'saved_model.pb', 2**31)
    assert 'saved_model.pb has 2.0 GB, and a protobuf message at most 2' in refusal(tmp_path).message

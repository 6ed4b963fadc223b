"""Files on disk, byte for byte: whatever stands around an edit stays, for renamed names and for rewritten exports."""

from __future__ import annotations

import ast
import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.codemod import Outcome, process
from migrate.writing import write_all

# What stands in front of the code that is rewritten, and behind it. No line of it may change.
BEFORE = {
    'plain': b'',
    'mixed line ends': b'a = 1\r\nb = 2\nc = 3\rd = 4\r\n',
    'form feeds': b'a = 1\n\x0c\n\x0cb = 2\n',
    'tabs': b'if 1:\n\ta = "\t"\n\tif a:\n\t\tb\t=\t2\t\n',
    'spaces at line ends': b'a = 1   \n   \n\t\nb = 2 \\\n   + 3\n',
    'line separators in strings': 'a = "\x0b\x1c\x85\u2028"\n'.encode(),
    'wide characters': 'größe = "€ 😀"; b = größe\n'.encode(),
    'no cookie, but like one': b'a = 1\nb = 2\n# coding: klingon\n',
    'multi-line strings': b'a = """x\r\n\ty\r\n"""\nb = """x\n\n"""\n',
    'semicolons': b'a = 1;b = 2 ;\n',
}
AFTER = {
    'nothing': b'',
    'no final newline': b'e = 5',
    'a comment without newline': b'# the end',
    'a bare carriage return': b'e = 5\r',
    'a form feed': b'\x0c\n',
    'empty lines': b'\n\n  \n\r\n',
    'a continued line': b'e = \\\n\t5\n',
    'a file separator': b'e = 5 # \x1c\n',
}
NAMES = b'import tensorflow as tf\nx = tf.placeholder(tf.float32)\n'
RENAMED = b'import tensorflow as tf\nx = tf.compat.v1.placeholder(tf.float32)\n'
EXPORT = b"""\
import tensorflow as tf
def export(folder):
    with tf.Session(graph=tf.Graph()) as sess:
        x = tf.placeholder(tf.float32, [None])
        tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': x * 2})
"""
ESTIMATOR = b"""\
import tensorflow as tf
def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, predictions=features['x'] * 2.)
\x0c
\x0cdef export(folder, config, receiver_fn):
    tf.estimator.Estimator(model_fn, config=config).export_saved_model(folder, receiver_fn)
"""
KEPT = ESTIMATOR.replace(b'tf.estimator', b'estimator_module').replace(b'as tf\n', b'as tf\nimport estimator_module\n')


def rewritten(folder: Path, source: bytes) -> tuple[bytes, Outcome]:
    """What stands in the file afterwards, and what is said of it. A second time nothing changes."""
    file = folder / 'module.py'
    file.write_bytes(source)
    (outcome,) = write_all(process([file]))
    result = file.read_bytes()
    (again,) = write_all(process([file]))
    assert file.read_bytes() == result
    assert not again.changed
    return result, outcome


@pytest.fixture
def run(tmp_path: Path) -> Callable[[bytes], bytes]:
    def rewrite_and_parse(source: bytes) -> bytes:
        result, outcome = rewritten(tmp_path, source)
        assert not outcome.report.error
        ast.parse(result)
        return result

    return rewrite_and_parse


@pytest.mark.parametrize('before', BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize('after', AFTER.values(), ids=AFTER)
def test_what_stands_around_a_name_stays(run: Callable[[bytes], bytes], before: bytes, after: bytes) -> None:
    assert run(before + NAMES + after) == before + RENAMED + after


@pytest.mark.parametrize('before', BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize('after', AFTER.values(), ids=AFTER)
def test_what_stands_around_an_export_stays(run: Callable[[bytes], bytes], before: bytes, after: bytes) -> None:
    result = run(before + EXPORT + after)
    assert b'tf.saved_model.save(' in result
    assert result.startswith(before)
    assert result.endswith(after)


@pytest.mark.parametrize('before', BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize('after', AFTER.values(), ids=AFTER)
def test_what_stands_around_a_kept_estimator_stays(run: Callable[[bytes], bytes], before: bytes, after: bytes) -> None:
    # The new line ends as the first of the file does.
    result = run(before + ESTIMATOR + after).replace(b'import estimator_module\r\n', b'import estimator_module\n')
    assert result == before + KEPT + after


@pytest.mark.parametrize('newline', [b'\n', b'\r\n', b'\r'])
@pytest.mark.parametrize('bom', [b'', codecs.BOM_UTF8], ids=['no mark', 'mark'])
@pytest.mark.parametrize('source', [NAMES, EXPORT, EXPORT.replace(b'    ', b'\t')], ids=['names', 'export', 'tabs'])
def test_new_lines_end_like_the_old_ones(
    run: Callable[[bytes], bytes], source: bytes, newline: bytes, bom: bytes
) -> None:
    result = run(bom + source.replace(b'\n', newline))
    assert result == bom + run(source).replace(b'\n', newline)
    assert result.count(codecs.BOM_UTF8) == bool(bom)


@pytest.mark.parametrize('source', [NAMES, EXPORT], ids=['names', 'export'])
@pytest.mark.parametrize(
    ('cookie', 'encoding'),
    [
        ('# -*- coding: latin-1 -*-\n', 'latin-1'),
        ('#!/usr/bin/env python\n# vim: set fileencoding=iso-8859-15 :\n', 'iso-8859-15'),
        ('\n# coding: cp1252\n', 'cp1252'),
        ('# coding=utf-8\n', 'utf-8'),
        ('\ufeff# coding: utf-8\n', 'utf-8'),
        ('\x0c# coding: latin-1\r\n', 'latin-1'),
        ('# coding: euc-jp\n', 'euc-jp'),
        ('# coding: shift_jis\n', 'shift_jis'),
        ('# coding: koi8-r\n', 'koi8-r'),
    ],
)
def test_declared_encodings_are_kept(run: Callable[[bytes], bytes], source: bytes, cookie: str, encoding: str) -> None:
    letters = {'euc-jp': 'あ', 'shift_jis': 'あ', 'koi8-r': 'ж'}.get(encoding, 'é')
    before = f'{cookie}s = "{letters}"  # {letters}\n'.encode(encoding)
    after = f'# {letters}'.encode(encoding)
    result = run(before + source + after)
    assert result != before + source + after
    assert result.startswith(before)
    assert result.endswith(after)


def test_what_cannot_be_encoded_is_not_written(tmp_path: Path) -> None:
    """The rewriter's own code is ASCII, so that it can be written in every encoding."""
    source = b'# coding: ascii\n' + EXPORT
    result, outcome = rewritten(tmp_path, source)
    assert result.decode('ascii')
    assert not outcome.report.error


@pytest.mark.parametrize(
    ('source', 'error'),
    [
        (b'# coding: klingon\n' + NAMES, 'line 1: unknown source encoding'),
        (b'\n# coding: klingon\n' + NAMES, 'line 2: unknown source encoding'),
        (codecs.BOM_UTF8 + b'# coding: latin-1\n' + NAMES, 'line 1: unknown source encoding'),
        (NAMES + b's = "\xe9"\n', 'line 3: is not utf-8 text'),
        (b'# coding: ascii\r' + NAMES + b's = "\xe9"\r', 'line 4: is not ascii text'),
        (NAMES.replace(b'\n', b'\r') + b's = "\xe9"\r', 'line 3: is not utf-8 text'),
        (NAMES + b's = "\x00"\n', 'line 3: '),
        (NAMES + b'\x00', 'line 3: '),
        (NAMES + b'print "x"\r\n', 'line 3: is Python 2 source'),
        (NAMES.replace(b'\n', b'\r\n') + b'exec "x"\r\n', 'line 3: is Python 2 source'),
        (NAMES + b'if 1:\n\tx\n        y\n', 'line 5: mixes tabs and spaces'),
        (NAMES + b'x = (1,', 'line 3: does not parse'),
        (b'\xff\xfe' + NAMES.decode().encode('utf-16-le') + NAMES, 'line 1: is not utf-8 text'),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line_and_stays(tmp_path: Path, source: bytes, error: str) -> None:
    result, outcome = rewritten(tmp_path, source)
    assert result == source
    assert outcome.report.error.startswith(error)


@pytest.mark.parametrize('source', [b'', b'\n', b'\r', codecs.BOM_UTF8, b'\x0c', b'# tensorflow', b'# \xe9\n', b'\x00'])
def test_what_has_nothing_to_rewrite_stays(tmp_path: Path, source: bytes) -> None:
    result, outcome = rewritten(tmp_path, source)
    assert result == source
    assert not outcome.report.findings

"""Bytes in, the same bytes out but for what was rewritten; what can't be read is an error that says what to do."""

from __future__ import annotations

import codecs
import re
import subprocess
from pathlib import Path

import pytest

from rewriters import SourceError, rewrite
from rewriters.source import decode

EXPORT = """\
import tensorflow as tf

with tf.Session() as sess:
    größe = tf.placeholder(tf.float32, [None])  # Größe in cm
    tf.saved_model.simple_save(sess, 'export', inputs={'x': größe}, outputs={'y': größe * 2})
"""
PLAIN = 'import tensorflow as tf\nx = tf.placeholder(tf.float32)\n'
RENAMED = 'import tensorflow as tf\nx = tf.compat.v1.placeholder(tf.float32)\n'


@pytest.mark.parametrize('encoding', ['latin-1', 'iso-8859-15', 'cp1252', 'utf-8'])
@pytest.mark.parametrize('cookie', ['# -*- coding: {} -*-\n', '#!/usr/bin/env python\n# vim: set fileencoding={} :\n'])
def test_declared_encodings_are_kept(cookie: str, encoding: str) -> None:
    source = (cookie.format(encoding) + EXPORT).encode(encoding)
    result = rewrite(source).source
    assert result != source
    text = result.decode(encoding)
    assert text.startswith(cookie.format(encoding))
    assert '# Größe in cm' in text
    assert 'def serving_default(self, größe):' in text


def test_a_byte_order_mark_is_kept() -> None:
    result = rewrite(codecs.BOM_UTF8 + EXPORT.encode()).source
    assert result.startswith(codecs.BOM_UTF8 + b'import tensorflow as tf\n')
    assert result.count(codecs.BOM_UTF8) == 1
    assert 'def serving_default(self, größe):' in result.decode('utf-8-sig')


@pytest.mark.parametrize('newline', ['\n', '\r\n', '\r'])
def test_newlines_are_kept(newline: str) -> None:
    result = rewrite(EXPORT.replace('\n', newline).encode()).source.decode()
    assert result.replace(newline, '\n') == rewrite(EXPORT.encode()).source.decode()


def test_mixed_newlines_are_kept_where_nothing_changes() -> None:
    source = b'import tensorflow as tf\r\nx = 1\ny = tf.log(x)\r\n'
    assert rewrite(source).source == b'import tensorflow as tf\r\nx = 1\ny = tf.math.log(x)\r\n'


@pytest.mark.parametrize('end', ['', '\n', '\n\n\n', '\n# end', '\n\x0c\n'])
def test_the_end_of_the_file_is_kept(end: str) -> None:
    assert rewrite((PLAIN.rstrip() + end).encode()).source.decode() == RENAMED.rstrip() + end


def test_form_feeds_are_kept() -> None:
    source = PLAIN.replace('\nx', '\n\x0c\nx')
    assert rewrite(source.encode()).source.decode() == RENAMED.replace('\nx', '\n\x0c\nx')


def test_an_export_after_a_form_feed_is_rewritten() -> None:
    result = rewrite(EXPORT.replace('\n\nwith', '\n\x0c\nwith').encode())
    assert [export.writer for export in result.exports] == ['tf.function']
    compile(result.source, 'export.py', 'exec')


@pytest.mark.parametrize(
    ('source', 'message', 'line'),
    [
        (b'import tensorflow as tf\nprint "exported"\n', 'is Python 2 source', 2),
        (b'import tensorflow as tf\nexec "x = 1"\n', 'is Python 2 source', 2),
        (b'import tensorflow as tf\ntry:\n    x\nexcept ValueError, e:\n    pass\n', 'is Python 2 source', 4),
        (b'import tensorflow as tf\nif x:\n\ty = 1\n        z = 2\n', 'mixes tabs and spaces', 4),
        (b'import tensorflow as tf\nx = (1,\n', 'does not parse as Python 3', 2),
        (b'import tensorflow as tf\nx = ___ 1\n', 'does not parse as Python 3', 2),
        (b'# coding: klingon\nimport tensorflow as tf\n', 'unknown source encoding: klingon', 1),
        (b'import tensorflow as tf\n\ns = "\xe9"\n', 'is not utf-8 text', 3),
        (b'import tensorflow as tf\nx = "\x00"\n', 'null bytes', 2),
        (codecs.BOM_UTF8 + b'# coding: latin-1\nimport tensorflow as tf\n', 'unknown source encoding', 1),
    ],
)
def test_what_cannot_be_read_is_an_error(source: bytes, message: str, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        rewrite(source)
    assert message in caught.value.message
    assert caught.value.line == line


def test_python_2_comes_with_advice() -> None:
    with pytest.raises(SourceError) as caught:
        rewrite(b'import tensorflow as tf\nprint "exported"\n')
    assert '2to3' in caught.value.advice


def test_mixed_tabs_come_with_advice_that_mends_them(tmp_path: Path) -> None:
    source = b'import tensorflow as tf\nif x:\n\ty = 1\n        z = "\t"\n'
    with pytest.raises(SourceError) as caught:
        rewrite(source)
    command = re.findall('`(.*?)`', caught.value.advice)[0]
    (tmp_path / 'FILE').write_bytes(source)
    subprocess.run(command, shell=True, check=True, cwd=tmp_path)
    assert rewrite((tmp_path / 'NEW_FILE').read_bytes()).findings == ()


def test_a_file_without_tensorflow_is_never_read() -> None:
    source = b'\xff\xfe print "this is no Python 3"\x00'
    assert rewrite(source).source == source


def test_deep_nesting_is_an_error_of_its_own_or_works() -> None:
    source = b'import tensorflow as tf\nx = ' + b'(' * 500 + b'1' + b')' * 500 + b'\n'
    with pytest.raises(SourceError):
        rewrite(source)


@pytest.mark.parametrize('encoding', ['utf-8', 'latin-1'])
def test_decode_and_encode_are_inverse(encoding: str) -> None:
    source = f'# coding: {encoding}\nx = "é"\r\ny = 1\n'.encode(encoding)
    decoded = decode(source)
    assert decoded.encoding in (encoding, 'iso-8859-1')
    assert decoded.encode(decoded.text) == source

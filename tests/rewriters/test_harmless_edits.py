"""Edits that are said to be harmless are; what is not plain to see is parsed again."""

from __future__ import annotations

import ast

import pytest

from rewriters.names import Edit, apply_edits
from rewriters.names.harmless import are_harmless

SWITCH = "\n\nimport os\n\nos.environ.setdefault('A', '1')  # why"


def put(source: str, old: str, new: str) -> Edit:
    start = source.index(old)
    return Edit(start, start + len(old), new)


def behind(source: str, line: str, text: str) -> Edit:
    offset = source.index(line) + len(line)
    return Edit(offset, offset, text)


HARMLESS = {
    'attribute': ('with tf.Session() as s: pass\n', ('tf.Session', 'tf.compat.v1.Session')),
    'shorter': ('tf.python.a.b = 1\n', ('tf.python.a.b', 'tf.b')),
    'in a decorator': ('@tf.contrib.framework.add_arg_scope\ndef f(): pass\n', ('tf.contrib.framework', 'slim.arg')),
}
SOURCE = '"""Doc"""\nfrom __future__ import division\nimport sys  # for argv\nimport tensorflow as tf\n'
PARSED_AGAIN = {
    'not an attribute': ('tf.a()\n', put('tf.a()\n', 'tf.a', 'f')),
    'of a word': ('session()\n', put('session()\n', 'session', 'tf.session')),
    'with a keyword': ('tf.a()\n', put('tf.a()\n', 'tf.a', 'tf.lambda')),
    'with an argument': ('tf.a(x)\n', put('tf.a(x)\n', 'x', 'y=x')),
    'above __future__': (SOURCE, behind(SOURCE, '"""Doc"""', SWITCH)),
    'inside of a line': (SOURCE, behind(SOURCE, 'import sys', SWITCH)),
    'inside of a statement': ('f(a,\n  b)\n', behind('f(a,\n  b)\n', 'f(a,', SWITCH)),
    'inside of a function': ('def f():\n    a\n    b\n', behind('def f():\n    a\n    b\n', '    a', SWITCH)),
    'where another begins': ('a; f(\n  b)\n', behind('a; f(\n  b)\n', 'f(', SWITCH)),
    'half a statement': (SOURCE, behind(SOURCE, 'for argv', '\nf(')),
    'behind a backslash': ('a\\\n+ b\n', behind('a\\\n+ b\n', 'a\\', SWITCH)),
}


@pytest.mark.parametrize('case', HARMLESS)
def test_an_attribute_for_an_attribute(case: str) -> None:
    source, (old, new) = HARMLESS[case]
    edit = put(source, old, new)
    assert are_harmless([edit], source, ast.parse(source).body)
    ast.parse(apply_edits(source, [edit]))


@pytest.mark.parametrize('newline', ['\n', '\r\n', '\r'])
@pytest.mark.parametrize('line', ['import division', '# for argv', 'import tensorflow as tf'])
def test_lines_between_statements(newline: str, line: str) -> None:
    source = SOURCE.replace('\n', newline)
    edit = behind(source, line, SWITCH.replace('\n', newline))
    assert are_harmless([edit], source, ast.parse(source).body)
    compile(apply_edits(source, [edit]), 'source', 'exec')


@pytest.mark.parametrize('case', PARSED_AGAIN)
def test_all_else_is_parsed_again(case: str) -> None:
    source, edit = PARSED_AGAIN[case]
    assert not are_harmless([edit], source, ast.parse(source).body)

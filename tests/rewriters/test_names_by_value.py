"""TensorFlow as a value: said where it is handed on, and not where it is looked at, tested or gets another name."""

from __future__ import annotations

import pytest

from rewriters import Options, rewrite

CODE = 'NAM207'


def places(body: str, statement: str = 'import tensorflow as tf') -> list[tuple[int, int]]:
    result = rewrite(f'{statement}\n{body}\n'.encode(), Options('x.py'))
    return [(finding.place.line, finding.place.column) for finding in result.findings if finding.code == CODE]


@pytest.mark.parametrize(
    ('body', 'place'),
    [
        ('class A:\n    def __init__(self):\n        self.tf = tf', (4, 19)),
        ('class A:\n    library = tf', (3, 15)),
        ('def f(tf=tf):\n    return tf.Session()', (2, 10)),
        ('session = (tf or x).Session()', (2, 12)),
        ('library = x and tf', (2, 17)),
        ('if (library := x or tf):\n    pass', (2, 21)),
        ('if x and f(tf):\n    pass', (2, 12)),
        ('v1 = tf.compat.v1 if two else (x or tf)', (2, 37)),
        ('run(tf)', (2, 5)),
        ('run(library=tf)', (2, 13)),
        ('libraries = [tf, numpy]', (2, 14)),
        ('pair = tf, numpy', (2, 8)),
        ('def library():\n    return tf', (3, 12)),
        ('library = tf if x else y', (2, 11)),
    ],
)
def test_said_where_it_is_handed_on(body: str, place: tuple[int, int]) -> None:
    assert places(body) == [place]


@pytest.mark.parametrize(
    'body',
    [
        't = tf\nt.nn.relu(x)',
        'a, b = tf, 1\na.nn.relu(x)',
        'if tf is None:\n    raise ImportError',
        'if tf:\n    pass',
        'if not tf:\n    pass',
        'assert tf',
        'if version is None and tf:\n    pass',
        'while not (tf and x or y):\n    pass',
        'found = [x for x in y if tf and x]',
        'found = [x for x in y if tf]',
        'del tf',
        'hasattr(tf, "Session")',
        'print(dir(tf))',
        'importlib.reload(tf)',
        'v1 = tf.compat.v1 if two else tf',
        'def f(tf):\n    return run(tf)',
        'run(tf.nn)',
    ],
)
def test_not_said_elsewhere(body: str) -> None:
    assert places(body) == []


def test_not_said_of_compat_v1() -> None:
    assert places('run(tf)', 'import tensorflow.compat.v1 as tf') == []


def test_said_once_a_file() -> None:
    result = rewrite(b'import tensorflow as tf\nrun(tf)\nrun(tf)\nwalk(tf)\n', Options('x.py'))
    (finding,) = result.findings
    assert 'and in 2 more places' in finding.message
    assert result.source == b'import tensorflow as tf\nrun(tf)\nrun(tf)\nwalk(tf)\n'

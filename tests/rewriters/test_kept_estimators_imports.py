"""The imports of a file, told by its text: whatever the statement, none is missed."""

from __future__ import annotations

import pytest

from rewriters.kept_estimators.imports import Import, read_imports


@pytest.mark.parametrize(
    ('source', 'expected'),
    [
        ('import a', [('a', '', 0)]),
        ('import a.b as c, d  # e, f', [('a.b', '', 0), ('d', '', 0)]),
        ('from a.b import c as d', [('a.b', 'c', 0)]),
        ('from . import a', [('', 'a', 1)]),
        ('from .. a import b', [('a', 'b', 2)]),
        ('from ...a import *', [('a', '*', 3)]),
        ('from .an_import import a', [('an_import', 'a', 1)]),
        ('from a import(b)', [('a', 'b', 0)]),
        ('from.import a', [('', 'a', 1)]),
        ('from a import (  # all (of) them\n    b,  # ), c\n    d as e,\n)\n', [('a', 'b', 0), ('a', 'd', 0)]),
        ('from a import b, \\\n    c', [('a', 'b', 0), ('a', 'c', 0)]),
        ('from a \\\r\n  import b', [('a', 'b', 0)]),
        ('import a; import b', [('a', '', 0), ('b', '', 0)]),
        ('x = 1; from a import b; y = 2', [('a', 'b', 0)]),
        ('try: import a\nexcept ImportError: from b import c', [('a', '', 0), ('b', 'c', 0)]),
        ('def f():\n\timport a\r\timport b\r', [('a', '', 0), ('b', '', 0)]),
        ('# -*- coding: latin-1 -*-\nname = "\xe9"\nimport a', [('a', '', 0)]),
        ('import a\nprint "Python 2"\n', [('a', '', 0)]),
    ],
)
def test_each_is_found(source: str, expected: list[tuple[str, str, int]]) -> None:
    assert read_imports(source.encode('latin-1')) == [Import(*each) for each in expected]


@pytest.mark.parametrize('source', ['x = important', 're_import = 1', '# import a', 'import_module("a")'])
def test_what_only_looks_like_one(source: str) -> None:
    assert read_imports(source.encode()) == []

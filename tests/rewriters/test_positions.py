"""Places must be those of libcst, which writes a whole module to find them."""

import ast
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from rewriters.module_view import parse_module
from rewriters.positions import Positions
from rewriters.statements import Statements
from rewriters.trees import walk, with_parents

_FOLDER = Path(__file__).parents[2] / 'rewriters'
_ODD = '''\
# header

@decorator  # noted
# between
@other(
    'é', b)

async def f(a, /, b: int = (1 +
    2), *c, d=(2), **e) -> "x":  # why
\t"""Text."""
\tglobal g
\tasync with (a as b, c): pass
\tasync for i, *j in (yield): continue
\telse:
\t\tx = [y async for y in z if (y := 1) if not y]
\t# footer
\t@inner
\tdef g(): 'é'; return (a,
    b), {
\t# odd
  c}
\treturn lambda *a, k=1, **b: {**a, 'k': k, (1): [*b]}

class C(A, metaclass=B[1:2, ...]):

  value: "int" = 1 if a else 2; del x[0], y.z;
  try: assert a < b <= c is not d, 'text' 'more'
  except (E, F) as e: raise G from e
  except: 'é'; a; b = ('ü',
'b') ; c
  else: pass
  finally: d; e
  if a: 'é'; b
  elif c:
      d
  elif (e and
      f): g;
  else: h; 'é'; i

from . import (a as b,  # comment
    c,)
from ..d import *
import e.f as g, h
while not a and ~b or -c ** 2: break
else:
    a
f(*a, b = c, *d, **e).g[h](
    # inside
    i for i in j)
x += f'{a!r:>{width}} {b=}' rf"{c:%Y}" ; print(x, f"{f'{a}' + (b)}"
    f'é{c}', """
    {d}""", f"""
    é{d
    }{e!r}"""); x
match command:
    case {'a': [1, *rest], **others} | C(x, y=None) as z if z: pass
    case [a,
          b]:
        'é'; a
    case _: pass
if a:
    b
elif c: d
else:
    for e in \\
            f: g
    else: h
with a: \\
    b; \\
    c
if (a): (b); ((c), d); (e) = (f)
for (a) in ((b)): c; \\
  d
else:
    try:
        a
    finally:
        b
        def c():
            # only
            d  # the rest
            # footer
'''
_SOURCES = {
    'odd': _ODD,
    'one line': 'a; b',
    'nothing': '',
    **{name: (_FOLDER / f'{name}.py').read_text('utf-8') for name in ('scopes', 'region', 'module_view')},
}


def _positions(source, module):
    return Positions(source, module, Statements(module, ast.parse(source), with_parents(module)))


def _nodes(module):
    return [node for node in walk(module) if not isinstance(node, cst.SimpleWhitespace)]


@pytest.mark.parametrize('change', ['', 'no newline at the end', 'CRLF', 'bare CR'])
@pytest.mark.parametrize('name', _SOURCES)
def test_nodes_stand_where_libcst_says(name, change):
    source = _SOURCES[name]
    source = source.rstrip('\n') if change == 'no newline at the end' else source
    source = source.replace('\n', {'CRLF': '\r\n', 'bare CR': '\r'}.get(change, '\n'))
    wrapper = MetadataWrapper(parse_module(source), unsafe_skip_copy=True)
    expected = wrapper.resolve(PositionProvider)
    positions = _positions(source, wrapper.module)
    nodes = _nodes(wrapper.module)
    found = {node: positions.range(node) for node in nodes}
    assert found == {node: expected[node] for node in nodes}
    assert [positions.line(node) for node in nodes] == [expected[node].start.line for node in nodes]


def test_each_node_is_found_by_itself():
    module = parse_module(_ODD)
    expected = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node in _nodes(module):
        assert _positions(_ODD, module).range(node) == expected[node]


@pytest.mark.parametrize('source', ['a\n\f\nb.c\n', 'if a:\n    if b:\n        c\n    \n\n\nd.e\n'])
def test_nodes_stand_where_the_source_has_them_though_libcst_loses_lines_of_it(source):
    module = parse_module(source)
    *_, last = (node for node in walk(module) if isinstance(node, cst.Attribute))
    assert _positions(source, module).line(last) == source.count('\n')

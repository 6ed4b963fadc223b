"""Walks must be those of libcst, which takes several times as long."""

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, ParentNodeProvider

from rewriters.trees import find_all, walk, with_parents

_FOLDER = Path(__file__).parents[2] / 'rewriters'
_ODD = '''\
# header

@decorator  # noted
async def f(a, /, b: int = 1, *c, d=(2), **e) -> "x":  # why
\t"""Text."""
\tglobal g
\tasync with (a as b, c): pass
\tasync for i, *j in (yield): continue
\telse:
\t\tx = [y async for y in z if (y := 1) if not y]
\t# footer
\treturn lambda *a, k=1, **b: {**a, 'k': k, (1): [*b]}

class C(A, metaclass=B[1:2, ...]):

  value: "int" = 1 if a else 2; del x[0], y.z
  try: assert a < b <= c is not d, 'text' 'more'
  except (E, F) as e: raise G from e
  else: pass
  finally: pass

from . import (a as b,  # comment
    c,)
from ..d import *
import e.f as g, h
while not a and ~b or -c ** 2: break
f(*a, b = c, *d, **e).g[h](
    # inside
    i for i in j)
x += f'{a!r:>{width}} {b=}' rf"{c:%Y}" ; print(x)
match command:
    case {'a': [1, *rest], **others} | C(x, y=None) as z if z: pass
    case _: pass
if a:
    b
elif c: d
else:
    e
with a: \
    b
'''
_SOURCES = {'odd': _ODD, **{name: (_FOLDER / f'{name}.py').read_text('utf-8') for name in ('scopes', 'region')}}


@pytest.fixture(params=_SOURCES)
def source(request):
    return _SOURCES[request.param]


class _Visited(cst.CSTVisitor):
    def __init__(self):
        self.nodes = []

    def on_visit(self, node):
        self.nodes.append(node)
        return True


def _visited(node):
    visitor = _Visited()
    node.visit(visitor)
    return visitor.nodes


def test_walk_finds_nodes_in_the_order_in_which_they_stand(source):
    module = cst.parse_module(source)
    found = list(walk(module))
    everything, known = _visited(module), set(found)
    assert [id(node) for node in found] == [id(node) for node in everything if node in known]
    left_out = {type(node) for node in everything} - {type(node) for node in found}
    layout = (
        cst.BaseParenthesizableWhitespace | cst.TrailingWhitespace | cst.EmptyLine | cst.Newline | cst.Comment
        | cst.Comma | cst.Dot | cst.Colon | cst.Semicolon | cst.LeftParen | cst.RightParen | cst.LeftCurlyBrace
        | cst.RightCurlyBrace | cst.LeftSquareBracket | cst.RightSquareBracket
    )  # fmt: skip
    assert all(issubclass(kind, layout) for kind in left_out)


def test_comments_are_found_wherever_they_stand(source):
    module = cst.parse_module(source)
    assert find_all(module, cst.Comment) == [node for node in _visited(module) if isinstance(node, cst.Comment)]


def test_each_node_stands_below_its_parent(source):
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    expected = wrapper.resolve(ParentNodeProvider)
    found = with_parents(wrapper.module)
    assert set(found) == set(walk(wrapper.module))
    assert all(parent is expected.get(node) for node, parent in found.items())

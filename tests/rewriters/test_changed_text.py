"""What changed is written anew; all else stands as it did, also what libcst loses."""

import ast

import libcst as cst
import pytest

from rewriters.changed_text import changed_text
from rewriters.module_view import parse_module
from rewriters.positions import Positions
from rewriters.statements import Statements
from rewriters.trees import with_parents

_SOURCE = """\
#!/usr/bin/env python
# header

import a ; import b  # both
# above
@decorator(
    1)
# between
def f(x):
    if x:
        return 'é'  # inside
    # footer of f


\f
class C: pass
if x:
    y
    \

elif z: y

# behind

w = [
  1,
]
# footer
"""


def _changed(source, change):
    module = parse_module(source)
    positions = Positions(source, module, Statements(module, ast.parse(source), with_parents(module)))
    changed = module.with_changes(body=change(list(module.body)))
    return changed_text(source, module, changed, positions)


def _new(text='new()\n'):
    return cst.parse_statement(text)


@pytest.fixture(params=['', 'no newline at the end', 'no footer', 'CRLF', 'bare CR'])
def source(request):
    newline = {'CRLF': '\r\n', 'bare CR': '\r'}.get(request.param, '\n')
    source = _SOURCE.replace('# footer\n', '') if request.param == 'no footer' else _SOURCE
    source = source.rstrip('\n') if request.param == 'no newline at the end' else source
    return source.replace('\n', newline)


def _newline(source):
    return next(newline for newline in ('\r\n', '\r', '\n') if newline in source)


def test_nothing_changes_where_nothing_changed(source):
    assert _changed(source, lambda body: body) == source


@pytest.mark.parametrize(
    ('place', 'before'),
    [(0, 'import a ;'), (1, '# above'), (2, '\f\nclass C'), (3, 'if x:\n    y\n'), (4, '\n# behind\n')],
)
def test_a_new_statement_stands_above_what_belongs_to_the_next(source, place, before):
    before, newline = before.replace('\n', _newline(source)), _newline(source)
    found = _changed(source, lambda body: [*body[:place], _new(), *body[place:]])
    at = source.rindex(before) if place != 2 else found.index('new()')
    assert found == source[:at] + f'new(){newline}' + source[at:]


def test_a_new_statement_at_the_end_stands_above_the_footer(source):
    newline = _newline(source)
    found = _changed(source, lambda body: [*body, _new()])
    head, bracket, rest = source.rpartition(']')
    rest = rest.removeprefix(newline)
    assert found == f'{head}{bracket}{newline}new(){newline}{rest}'


def test_the_others_stay_where_one_goes(source):
    newline = _newline(source)
    found = _changed(source, lambda body: [body[0], *body[2:]])
    assert found.startswith(source[: source.index('# above')])
    assert found.endswith(source[source.index('class C') :])
    assert newline.join(['import b  # both', '']) in found
    assert 'def f' not in found


def test_the_last_may_change(source):
    found = _changed(source, lambda body: [*body[:-1], _new()])
    head, _, rest = source.partition(f'# behind{_newline(source)}')
    assert found.startswith(head.removesuffix(_newline(source)))
    assert found.endswith('new()' + rest.partition(']')[2])


def test_what_libcst_loses_stays_in_what_changed():
    source = 'a\nif b:\n    c\n    \f\n    d\n\n\n    \n\ne\n'
    found = _changed(source, lambda body: [body[0], body[1].with_changes(test=cst.Name('x')), *body[2:]])
    assert found == source.replace('if b', 'if x')


def test_a_module_without_statements_gets_one():
    assert _changed('# only\n', lambda body: [_new()]) == '# only\nnew()\n'

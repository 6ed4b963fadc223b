"""Switches TensorFlow 2's eager mode off where a program starts that builds graph and runs it, both outside of a graph.

Only under `if __name__ == '__main__':`, so that nothing is switched for whoever imports the file.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_v2_behavior
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from rewriters.findings import Confidence, Finding
from rewriters.graph_mode import EAGER, calls_outside_of_graphs
from rewriters.names import Edit, Locator
from rewriters.symbols import Symbols, dotted_name

_PLACEHOLDERS = frozenset({'placeholder', 'placeholder_with_default', 'sparse_placeholder'})
_SESSIONS = frozenset({'InteractiveSession', 'Session'})
_STARTS = ("__name__ == '__main__'", "'__main__' == __name__")
_ADVICE = (
    'Check that no TensorFlow 2 code runs in the same program: with the behavior off, tf.saved_model.save fails and a '
    'tf.function returns no values.'
)


def switch_program(text: str, symbols: Symbols) -> tuple[Edit, Finding] | None:
    """What makes the program work as one of TensorFlow 1, and what to tell; None where that is not called for.

    It is where one function both makes placeholders, which raise in eager mode, and opens the session that runs them.
    """
    start = _start(symbols.walk.body)
    if start is None or '__main__' not in text:
        return None
    calls = calls_outside_of_graphs(text, symbols)
    sessions = [call for call, name in calls if name in _SESSIONS]
    with_sessions = {_scope(symbols, call) for call in sessions}
    blocks = _in_sessions(symbols, sessions)
    eager = [
        call
        for call, name in calls
        if name in _PLACEHOLDERS and _scope(symbols, call) in with_sessions
        if not any(_covers(block, call) for block in blocks)
    ]
    if any(_scope(symbols, call) is symbols.walk.root and call.lineno < start.lineno for call, _ in calls):
        return None  # it would come too late for the module's own graph
    spelled = _switch(symbols, start)
    if not eager or spelled is None:
        return None
    locator = Locator(text)
    first = start.body[0]
    if first.lineno == start.test.end_lineno:  # if __name__ == '__main__': main()
        offset = locator.span(first)[0]
        edit = Edit(offset, offset, f'{spelled}; ')
    else:
        offset = locator.offset(first.lineno, 0)
        indent = text[offset : locator.span(first)[0]]
        edit = Edit(offset, offset, f'{indent}{spelled}{locator.newline}')
    called = min(eager, key=lambda call: (call.lineno, call.col_offset))
    message = (
        f'`{dotted_name(called.func)}` works only inside of a graph, and none is opened around it: where the program '
        'starts, it now calls disable_v2_behavior()'
    )
    return edit, Finding(EAGER, Confidence.REVIEW, locator.place(called.func), message, _ADVICE)


def _start(body: Sequence[ast.stmt]) -> ast.If | None:
    """`if __name__ == '__main__':`, unless what it starts are tests."""
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) in _STARTS:
            names = [dotted_name(call.func) or '' for call in ast.walk(node) if isinstance(call, ast.Call)]
            is_test = any(name.endswith(('test.main', 'unittest.main')) for name in names)
            return None if is_test or _is_decorated(node.body[0]) else node
    return None


def _is_decorated(node: ast.stmt) -> bool:
    return bool(getattr(node, 'decorator_list', ()))


def _scope(symbols: Symbols, call: ast.Call) -> object:
    return symbols.walk.root.innermost((call.lineno, call.col_offset))


def _in_sessions(symbols: Symbols, sessions: Sequence[ast.Call]) -> list[ast.With]:
    """The blocks of `with tf.Session():`, in which the session's graph is the default one."""
    opening = {id(call) for call in sessions}
    return [node for node in symbols.walk.withs if any(id(item.context_expr) in opening for item in node.items)]


def _covers(block: ast.With, call: ast.Call) -> bool:
    first, last = block.body[0], block.body[-1]
    return (first.lineno, first.col_offset) <= (call.lineno, call.col_offset) <= (last.end_lineno or 0, 1 << 20)


def _switch(symbols: Symbols, start: ast.If) -> str | None:
    """How to call it there; None where the module itself does not import TensorFlow before."""
    line, column = start.body[0].lineno, start.body[0].col_offset
    before = [node for node in symbols.walk.imports if node.lineno < start.lineno and not node.col_offset]
    bound = {alias.asname or alias.name.partition('.')[0] for node in before for alias in node.names}
    for module, rest in (('tensorflow', '.compat.v1'), ('tensorflow.compat.v1', '')):
        for name in symbols.module_names(module):
            if name in bound and symbols.resolve(name, line, column) == module:
                return f'{name}{rest}.disable_v2_behavior()'
    return None

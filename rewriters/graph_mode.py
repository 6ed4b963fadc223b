"""Finds graph building that TensorFlow 2 would run eagerly: placeholders and sessions outside of any graph.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_v2_behavior
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Sequence

from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.mentions import places_of
from rewriters.names import Locator
from rewriters.symbols import Symbols, canonical, dotted_name

EAGER = explain(
    'NAM301',
    'Graph code outside of a graph',
    """
    TensorFlow 2 runs ops as they are called. Placeholders and sessions work only inside of a graph, and as far as the
    file tells, none is open here: tf.compat.v1.placeholder raises, and a session finds an empty graph. That of a
    tf.test.TestCase is None there, and `eval()` of what the test has built raises.

        x = tf.compat.v1.placeholder(tf.float32, [None])
        with tf.compat.v1.Session() as sess: ...

    works as

        with tf.Graph().as_default():
            x = tf.compat.v1.placeholder(tf.float32, [None])
            with tf.compat.v1.Session() as sess: ...

    To do: check whether a caller opens the graph; if none does, open one as above. Where the graph is built all over
    the program, call tf.compat.v1.disable_v2_behavior() at its start instead. After that tf.saved_model.save fails and
    a tf.function returns no values: don't put both into one program.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_v2_behavior
    """,
)
_NEED_A_GRAPH = frozenset(
    {
        'InteractiveSession',
        'Session',
        'keras.backend.get_session',
        'keras.backend.set_session',
        'placeholder',
        'placeholder_with_default',
        'sparse_placeholder',
    }
)
_SWITCHES = frozenset({'disable_v2_behavior', 'disable_eager_execution'})
_WRAPPER = 'wrap_function'
_CALLED = _NEED_A_GRAPH | _SWITCHES
_TEST_SESSIONS = frozenset({'cached_session', 'test_session'})
"""The methods of tf.test.TestCase that give a session only in a graph."""
_MINDED = ('executing_eagerly', 'run_deprecated_v1', 'run_v1_only')
"""What a file names where its tests mind whether they run in a graph; the last two are decorators of TensorFlow's."""
NAMES = frozenset(name.rpartition('.')[2] for name in (*_CALLED, *_TEST_SESSIONS, _WRAPPER))
"""The last words of what is looked for here."""
_WORDS = ('Session', 'placeholder', 't_session', 'd_session')  # which is quicker to find than whole names
# What must not stand before a name is looked for behind it, so that the search runs from word to word.
_NAMES = tuple(
    re.compile(rf'{name}(?<!\w{name})(?!\w)')
    for name in sorted(name.rpartition('.')[2] for name in (*_NEED_A_GRAPH, *_TEST_SESSIONS))
)


@functools.lru_cache(maxsize=2)  # a text is asked twice: whether it has news, and for what
def mentions_graph(text: str) -> bool:
    """Whether there may be something to find, judging by the words."""
    return any(word in text for word in _WORDS) and any(name.search(text) for name in _NAMES)


def places_of_graph(text: str) -> Iterator[int]:
    """Where in a text that mentions a graph the words stand, be it inside of others."""
    return places_of(NAMES, text) if mentions_graph(text) else iter(())


def find_eager_graph_code(text: str, symbols: Symbols, consumed: Sequence[Place]) -> list[Finding]:
    """One finding for the file, at the first call that needs a graph and, as far as the file tells, has none.

    `consumed` are stretches of `text` that are rewritten.
    """
    locator = Locator(text)
    places = [
        (place, dotted_name(call.func) or '')
        for call, _ in calls_outside_of_graphs(text, symbols)
        for place in [locator.place(call.func)]
        if not any(stretch.covers(place) for stretch in consumed)
    ]
    if not places:
        return []
    place, spelled = min(places)
    more = f' (and {len(places) - 1} more in this file)' if len(places) > 1 else ''
    message = f'`{spelled}` works only inside of a graph, and none is opened around it{more}'
    advice = 'Call it under `with tf.Graph().as_default():`; `savedmodel-migrate explain NAM301` says more.'
    return [Finding(EAGER, Confidence.REVIEW, place, message, advice)]


def calls_outside_of_graphs(text: str, symbols: Symbols) -> list[tuple[ast.Call, str]]:
    """The calls that need a graph and, as far as the file tells, have none; with what they call.

    There are none in a file that switches TensorFlow 2's behavior off.
    """
    calls = [*_calls(symbols), *_test_sessions(text, symbols)] if mentions_graph(text) else []
    if not calls or any(name in _SWITCHES for _, name in calls):
        return []
    locator = Locator(text)
    graphs = [*_graph_blocks(symbols.walk.withs, locator), *_wrapped_functions(text, symbols, locator)]
    return [
        (call, name)
        for call, name in calls
        for place in [locator.place(call.func)]
        if not _enters_graph(call) and not any(graph.covers(place) for graph in graphs)
    ]


def _calls(symbols: Symbols) -> Iterator[tuple[ast.Call, str]]:
    """The calls that need a graph, or that switch the whole program to graphs."""
    for call, qualified in symbols.calls:
        if canonical(qualified) in _CALLED:
            yield call, canonical(qualified)


def _test_sessions(text: str, symbols: Symbols) -> Iterator[tuple[ast.Call, str]]:
    """`with self.test_session() as sess:` where something is run in it."""
    if not symbols.heads or any(asked in text for asked in _MINDED):
        return
    for node in symbols.walk.withs:
        for call, session in ((item.context_expr, item.optional_vars) for item in node.items):
            method = call.func.attr if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else ''
            if not isinstance(call, ast.Call) or method not in _TEST_SESSIONS:
                continue
            if any(_runs(inner, session) for statement in node.body for inner in ast.walk(statement)):
                yield call, method


def _runs(node: ast.AST, session: ast.expr | None) -> bool:
    """Whether it needs the session, or one that is the default, which `self.evaluate(x)` does not."""
    if isinstance(node, ast.Name) and isinstance(session, ast.Name):
        return node.id == session.id
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr == 'eval' or (node.func.attr == 'run' and not node.args and not node.keywords)


def _graph_blocks(statements: Sequence[ast.With], locator: Locator) -> Iterator[Place]:
    """Where a `with` makes a graph the default one: behind the expression that does so, to the statement's end."""
    for node in statements:
        entering = [item.context_expr for item in node.items if _enters_graph(item.context_expr)]
        if entering:
            opened, whole = locator.place(entering[0]), locator.place(node)
            yield Place(opened.end_line, opened.end_column, whole.end_line, whole.end_column)


def _wrapped_functions(text: str, symbols: Symbols, locator: Locator) -> Iterator[Place]:
    """The functions that `tf.compat.v1.wrap_function` calls in a graph of its own, as rewritten exports do."""
    if _WRAPPER not in text:
        return
    calls = [call for call, qualified in symbols.calls if canonical(qualified) == _WRAPPER]
    given = [node for call in calls for node in (*call.args[:1], *(k.value for k in call.keywords if k.arg == 'fn'))]
    names = {(dotted_name(node) or '').rpartition('.')[2] for node in given}
    for statement in symbols.walk.body:
        for node in ast.walk(statement):
            if node in given or (isinstance(node, ast.FunctionDef) and node.name in names):
                yield locator.place(node)


def _enters_graph(node: ast.expr) -> bool:
    """`tf.Graph().as_default()`, `g.as_default()`, `tf.Session(graph=g)`, `context.graph_mode()`."""
    if not isinstance(node, ast.Call):
        return False
    is_default = isinstance(node.func, ast.Attribute) and node.func.attr in ('as_default', 'graph_mode')
    return is_default or any(keyword.arg == 'graph' for keyword in node.keywords)


def _called(call: ast.Call, symbols: Symbols) -> str | None:
    dotted = dotted_name(call.func)
    qualified = symbols.resolve(dotted, call.lineno, call.col_offset) if dotted else None
    return canonical(qualified) if qualified is not None else None

"""Finds graph building that TensorFlow 2 would run eagerly: placeholders and sessions outside of any graph.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_v2_behavior
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.names import Locator
from rewriters.symbols import Symbols, canonical, dotted_name

EAGER = explain(
    'NAM301',
    'Graph code outside of a graph',
    """TensorFlow 2 runs ops as they are called; placeholders and sessions work only inside of a graph. Code under
    `with tf.Graph().as_default():` is fine. Other code that still builds a graph needs
    `tf.compat.v1.disable_v2_behavior()` at the start of the program, which in turn makes tf.saved_model.save fail:
    don't put both into one program.""",
)
_NEED_A_GRAPH = frozenset(
    {'InteractiveSession', 'Session', 'placeholder', 'placeholder_with_default', 'sparse_placeholder'}
)
_SWITCHES = frozenset({'disable_v2_behavior', 'disable_eager_execution'})


def find_eager_graph_code(text: str, tree: ast.Module, symbols: Symbols, consumed: Sequence[Place]) -> list[Finding]:
    """One finding for the file, at the first call that needs a graph and, as far as the file tells, has none.

    `consumed` are stretches of `text` that are rewritten.
    """
    locator = Locator(text)
    places: list[tuple[Place, str]] = []
    for call, in_graph in _calls(tree, False):
        name = _called(call, symbols)
        if name in _SWITCHES:
            return []
        place = locator.place(call.func)
        if name in _NEED_A_GRAPH and not in_graph and not any(gone.covers(place) for gone in consumed):
            places.append((place, dotted_name(call.func) or ''))
    if not places:
        return []
    place, spelled = min(places)
    more = f' (and {len(places) - 1} more in this file)' if len(places) > 1 else ''
    message = f'`{spelled}` works only inside of a graph, and none is opened around it{more}'
    advice = 'Call it under `with tf.Graph().as_default():`; `savedmodel-migrate explain NAM301` says more.'
    return [Finding(EAGER, Confidence.REVIEW, place, message, advice)]


def _calls(node: ast.AST, in_graph: bool) -> Iterator[tuple[ast.Call, bool]]:
    """Every call, and whether it stands in a `with` that makes a graph the default one."""
    if isinstance(node, ast.Call):
        yield node, in_graph
    if isinstance(node, ast.With):
        for item in node.items:
            yield from _calls(item.context_expr, in_graph)
            in_graph = in_graph or _enters_graph(item.context_expr)
        for statement in node.body:
            yield from _calls(statement, in_graph)
        return
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, in_graph)


def _enters_graph(node: ast.expr) -> bool:
    """`tf.Graph().as_default()`, `g.as_default()`, `tf.Session(graph=g)`."""
    if not isinstance(node, ast.Call):
        return False
    is_default = isinstance(node.func, ast.Attribute) and node.func.attr == 'as_default'
    return is_default or any(keyword.arg == 'graph' for keyword in node.keywords)


def _called(call: ast.Call, symbols: Symbols) -> str | None:
    dotted = dotted_name(call.func)
    qualified = symbols.resolve(dotted, call.lineno, call.col_offset) if dotted else None
    return canonical(qualified) if qualified is not None else None

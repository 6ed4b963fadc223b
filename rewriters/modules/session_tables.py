"""Tables of tf.contrib in a module that keeps its session: they become tables of compat.v1, which sessions initialise.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/lookup/StaticHashTable
"""

from __future__ import annotations

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.tables import file_table_expression, table_expression
from rewriters.refusal import Refusal
from rewriters.syntax import replace_nodes

_TABLE = 'compat.v1.lookup.StaticHashTable'
_OF_VALUES = frozenset({'contrib.lookup.index_table_from_tensor', 'contrib.lookup.index_to_string_table_from_tensor'})
_OF_FILES = frozenset({'contrib.lookup.index_table_from_file', 'contrib.lookup.index_to_string_table_from_file'})


def with_tables(
    view: ModuleView, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """The replacements, and those of every statement that makes a table of tf.contrib by a function.

    None where something is called `init`: the new tables have no such attribute.
    """
    tf = view.tensorflow_name()
    result = dict(replacements)
    if tf is None or _asks_for_init(view):
        return result
    by_line: dict[cst.SimpleStatementLine, dict[cst.CSTNode, cst.CSTNode]] = {}
    for call in view.calls:
        new = _table(view, call, tf)
        outer = view.ancestors(call) if new is not None else ()
        line = next((node for node in outer if isinstance(node, cst.SimpleStatementLine)), None)
        if new is not None and line is not None:
            by_line.setdefault(line, {})[call] = new
    for line, tables in by_line.items():
        result[line] = tuple(replace_nodes(node, tables) for node in result.get(line, (line,)))
    return result


def _asks_for_init(view: ModuleView) -> bool:
    """Whether something has an `init` that is not called: that of a table is an op."""
    called = {call.func for call in view.calls}
    attributes = (cst.ensure_type(node, cst.Attribute) for node in view.find_all(cst.Attribute))
    return any(attribute.attr.value == 'init' and attribute not in called for attribute in attributes)


def _table(view: ModuleView, call: cst.CSTNode, tf: str) -> cst.BaseExpression | None:
    """What makes the same table; None for other calls, and for tables of which the names' finding says what to do."""
    called = view.called(call)
    try:
        if called in _OF_VALUES and isinstance(call, cst.Call):
            return table_expression(view, call, tf, _TABLE)
        if called in _OF_FILES and isinstance(call, cst.Call):
            return file_table_expression(call, called, tf, _TABLE)
    except Refusal:
        pass
    return None

"""What the ops do that TensorFlow 1 runs when it loads a model, and whether a saver is the usual one.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/Builder#add_meta_graph_and_variables
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.syntax import assigned_name, assigned_value, dotted_name, find_all, names_used, only_small_statement

# What initialises tables and nothing else; a group of nothing is what people pass where they have none.
_FILL_TABLES = frozenset(
    {
        'tables_initializer',
        'python.ops.lookup_ops.tables_initializer',
        'ops.lookup_ops.tables_initializer',
        'local_variables_initializer',
        'ops.variables.local_variables_initializer',
        'train.Scaffold.default_local_init_op',
        'no_op',
    }
)
_SAVERS = frozenset({'train.Saver', 'train.import_meta_graph'})
_GROUPS = frozenset({'group', 'ops.control_flow_ops.group'})


def only_fills_tables(view: ModuleView, node: cst.BaseExpression, at: cst.CSTNode) -> bool:
    """Whether an init op does nothing but what TensorFlow 2 does by itself when it loads a model."""
    return _all_fill_tables(view, [node], at, frozenset())


def is_made_here(view: ModuleView, node: cst.BaseExpression, at: cst.CSTNode) -> bool:
    """Whether it is what a call of this function returns: a parameter may be None."""
    return all(isinstance(value, cst.Call) for value in _values_of(view, node, at))


def is_plain_saver(view: ModuleView, node: cst.BaseExpression, at: cst.CSTNode) -> bool:
    """Whether it is None or a `Saver`, which saves and restores variables with the values that they have."""
    values = _values_of(view, node, at)
    return all(dotted_name(value) == 'None' or view.called(value) in _SAVERS for value in values)


def _all_fill_tables(
    view: ModuleView, nodes: Sequence[cst.BaseExpression], at: cst.CSTNode, followed: frozenset[str]
) -> bool:
    """`followed` are the names that led here: `op = tf.group(op, …)` leads to itself."""
    for node in nodes:
        name = dotted_name(node) or ''
        if name in followed:
            return False
        inner = followed | {name} if isinstance(node, cst.Name) else followed
        if not all(_fills_tables(view, value, at, inner) for value in _values_of(view, node, at)):
            return False
    return True


def _fills_tables(view: ModuleView, value: cst.BaseExpression, at: cst.CSTNode, followed: frozenset[str]) -> bool:
    if dotted_name(value) == 'None':
        return True
    if isinstance(value, cst.List | cst.Tuple):
        return _all_fill_tables(view, [element.value for element in value.elements], at, followed)
    called = view.called(value)
    if isinstance(value, cst.Call) and called in _GROUPS:
        given = [argument for argument in value.args if argument.keyword is None]
        return not any(a.star for a in value.args) and _all_fill_tables(view, [a.value for a in given], at, followed)
    if isinstance(value, cst.Call) and called is None:
        name = dotted_name(value.func) or ''
        returned = _returned(view, value) if name not in followed else []
        return bool(returned) and all(_all_fill_tables(view, [r], r, followed | {name}) for r in returned)
    return called in _FILL_TABLES


def _returned(view: ModuleView, call: cst.Call) -> list[cst.BaseExpression]:
    """What a call of a function of this module may return, if that function just makes it."""
    function = view.functions.get(call.func.value) if isinstance(call.func, cst.Name) else None
    if function is None or call.args or find_all(function.params, cst.Param):
        return []
    body = function.body.body
    small = [only_small_statement(statement) for statement in body]
    if not all(isinstance(s, cst.Assign | cst.Return) or _is_docstring(s) for s in small):
        return []
    return [s.value for s in small if isinstance(s, cst.Return) and s.value is not None]


def _is_docstring(small: cst.CSTNode | None) -> bool:
    return isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString)


def _values_of(view: ModuleView, node: cst.BaseExpression, at: cst.CSTNode) -> list[cst.BaseExpression]:
    """What a name may have been assigned in its function; the expression itself if it is no name."""
    if not isinstance(node, cst.Name):
        return [node]
    scope = view.enclosing_function(at) or view.module
    lines = [line for line in find_all(scope, cst.SimpleStatementLine) if node.value in names_used(line)[1]]
    values = [assigned_value(line) for line in lines if assigned_name(line) == node.value]
    known = [value for value in values if value is not None]
    return known if known and len(known) == len(lines) else [node]

"""Reads the calls of a session-style export without understanding the graph: what writer C needs.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/Builder
https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/saved_model/simple_save
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import (
    arguments,
    assigned_name,
    assigned_value,
    dotted_name,
    find_all,
    names_used,
    one_line,
    only_small_statement,
)

_ADD = (
    'sess tags signature_def_map assets_collection legacy_init_op clear_devices main_op strip_default_attrs saver'
).split()
_SIMPLE_SAVE = 'session export_dir inputs outputs legacy_init_op'.split()
# What initialises tables and nothing else; a group of nothing is what people pass where they have none.
_TABLE_INITIALIZERS = frozenset({'tables_initializer', 'local_variables_initializer', 'no_op'})


@dataclass(frozen=True)
class SessionExport:
    """The calls of one site.

    `call` is the one that writes: `add_meta_graph_and_variables` or `simple_save`; `values` are its arguments by
    parameter. `made` and `saved` are the statements of the builder around it, None for simple_save.
    """

    call: cst.Call
    statement: cst.SimpleStatementLine
    values: dict[str, cst.BaseExpression]
    directory: cst.BaseExpression
    made: cst.SimpleStatementLine | None = None
    saved: cst.SimpleStatementLine | None = None
    as_text: bool = False


def read_simple_save(view: ModuleView, call: cst.Call) -> SessionExport:
    """The simple_save call, as a statement of its own.

    Raises:
        Refusal: its result is used, or its arguments are not understood.
    """
    statement = _own_statement(view, call)
    values = arguments(call, _SIMPLE_SAVE)
    if values is None or not {'session', 'export_dir', 'inputs', 'outputs'} <= values.keys():
        raise Refusal('simple_save is called in a way that is not understood', call)
    _check_init_op(view, values.get('legacy_init_op'), statement)
    return SessionExport(call, statement, values, values['export_dir'])


def read_builder(view: ModuleView, call: cst.Call) -> SessionExport:
    """The calls of the builder that this call makes: one `add_meta_graph_and_variables`, one `save`, nothing else.

    Raises:
        Refusal: the builder goes elsewhere, or what it does is not understood.
    """
    made = _statement_of(view, call)
    name = _bound_name(made) if assigned_value(made) is call else None
    directory = arguments(call, ['export_dir'])
    if name is None or not directory:
        raise Refusal('the builder is not bound to a name of its own', call)
    adds, saves = _uses(view, made, name)
    if len(adds) != 1 or len(saves) != 1:
        what = 'several MetaGraphs' if len(adds) > 1 else 'parts that don\'t stand in one function'
        raise Refusal(f'the builder `{name}` has {what}', call)
    add, save = adds[0], saves[0]
    values = arguments(add, _ADD)
    if values is None or 'sess' not in values:
        raise Refusal('add_meta_graph_and_variables is called in a way that is not understood', add)
    _check_add(view, values, add)
    _check_order(view, made, add, save)
    as_text = bool(save.args) and not _is_false(save.args[0].value)
    statements = _own_statement(view, add), _own_statement(view, save)
    return SessionExport(add, statements[0], values, directory['export_dir'], made, statements[1], as_text)


def _statement_of(view: ModuleView, node: cst.CSTNode) -> cst.SimpleStatementLine:
    for outer in view.ancestors(node):
        if isinstance(outer, cst.SimpleStatementLine):
            return outer
    raise Refusal('the call is no statement of its own', node)


def _own_statement(view: ModuleView, call: cst.Call) -> cst.SimpleStatementLine:
    """The statement that is just this call."""
    statement = _statement_of(view, call)
    small = only_small_statement(statement)
    if not isinstance(small, cst.Expr) or small.value is not call:
        raise Refusal(f'`{one_line(call.func)}(…)` is no statement of its own', call)
    return statement


def _bound_name(statement: cst.SimpleStatementLine) -> str | None:
    """`builder` or `self.builder`, where the statement is a plain assignment to it."""
    small = only_small_statement(statement)
    if not isinstance(small, cst.Assign) or len(small.targets) != 1:
        return None
    return assigned_name(statement) or dotted_name(small.targets[0].target)


def _uses(view: ModuleView, made: cst.SimpleStatementLine, name: str) -> tuple[list[cst.Call], list[cst.Call]]:
    """The (add, save) calls of the builder. A name must not be read in any other way in its function."""
    scope = _scope(view, made)
    adds: list[cst.Call] = []
    saves: list[cst.Call] = []
    for node in find_all(scope, (cst.Name, cst.Attribute)):
        if dotted_name(node) != name or view.is_attribute_name(node) or node in _targets(made):
            continue
        call = view.method_call(node)
        method = call.func.attr.value if call is not None and isinstance(call.func, cst.Attribute) else ''
        if call is not None and method == 'add_meta_graph_and_variables':
            adds.append(call)
        elif call is not None and method == 'save':
            saves.append(call)
        else:
            raise Refusal(f'the builder `{name}` has a use that is not understood', node)
    return adds, saves


def _scope(view: ModuleView, statement: cst.CSTNode) -> cst.CSTNode:
    """The function around the statement, or the module."""
    return view.enclosing_function(statement) or view.module


def _targets(made: cst.SimpleStatementLine) -> Sequence[cst.CSTNode]:
    small = only_small_statement(made)
    return [target.target for target in small.targets] if isinstance(small, cst.Assign) else []


def _check_order(view: ModuleView, made: cst.CSTNode, add: cst.Call, save: cst.Call) -> None:
    if not view.line(made) <= view.line(add) <= view.line(save):
        raise Refusal('the builder is not made, filled and saved in this order', made)
    loops = [_loops(view, node) for node in (made, add, save)]
    if loops[0] != loops[1] or loops[1] != loops[2]:
        raise Refusal('the builder is filled inside of a loop that does not make it', add)
    if view.enclosing_function(add) is not view.enclosing_function(made):
        raise Refusal('the builder is filled in another function than the one that makes it', add)
    if view.enclosing_function(save) is not view.enclosing_function(made):
        raise Refusal('the builder is saved in another function than the one that makes it', save)


def _loops(view: ModuleView, node: cst.CSTNode) -> list[cst.CSTNode]:
    return [outer for outer in view.ancestors(node) if isinstance(outer, cst.For | cst.While)]


def _check_add(view: ModuleView, values: dict[str, cst.BaseExpression], add: cst.Call) -> None:
    if 'signature_def_map' not in values or _is_none(values['signature_def_map']):
        raise Refusal('the export has no signature: nothing in it tells what it serves', add)
    if 'saver' in values and not _is_none(values['saver']):
        raise Refusal('saver=…: a saver of its own decides which variables are exported', values['saver'])
    for name in ('main_op', 'legacy_init_op'):
        _check_init_op(view, values.get(name), add)


def _check_init_op(view: ModuleView, node: cst.BaseExpression | None, at: cst.CSTNode) -> None:
    """An init op that fills tables is not needed any more; one that does more can't be kept."""
    if node is None or _is_none(node):
        return
    for value in _values_of(view, node, at):
        if not _only_fills_tables(view, value, at):
            raise Refusal(f'the init op `{one_line(node)}` may do more than fill tables', node)


def _only_fills_tables(view: ModuleView, value: cst.BaseExpression, at: cst.CSTNode) -> bool:
    called = view.called(value)
    if called == 'group' and isinstance(value, cst.Call):
        given = [argument.value for argument in value.args if argument.keyword is None]
        return all(_only_fills_tables(view, inner, at) for part in given for inner in _values_of(view, part, at))
    return called in _TABLE_INITIALIZERS


def _values_of(view: ModuleView, node: cst.BaseExpression, at: cst.CSTNode) -> list[cst.BaseExpression]:
    """What a name may have been assigned in its function; the expression itself if it is no name."""
    if not isinstance(node, cst.Name):
        return [node]
    scope = _scope(view, at)
    lines = [line for line in find_all(scope, cst.SimpleStatementLine) if node.value in names_used(line)[1]]
    values = [assigned_value(line) for line in lines if assigned_name(line) == node.value]
    known = [value for value in values if value is not None]
    return known if known and len(known) == len(lines) else [node]


def _is_none(node: cst.BaseExpression) -> bool:
    return dotted_name(node) == 'None'


def _is_false(node: cst.BaseExpression) -> bool:
    return dotted_name(node) == 'False'

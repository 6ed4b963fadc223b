"""The statements that made an init op for a builder alone: TensorFlow 2 fills the tables of a model by itself."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from rewriters.exports.session_calls import SessionExport
from rewriters.module_view import ModuleView
from rewriters.syntax import assigned_name, find_all, string_value

_INIT_OPS = ('legacy_init_op', 'main_op')


def find_unused(view: ModuleView, export: SessionExport) -> Iterator[cst.SimpleStatementLine]:
    """The plain assignments of names that nothing but the arguments reads which the new calls don't have."""
    function = view.enclosing_function(export.writes[0].call)
    scope: cst.CSTNode = view.module if function is None else function
    dropped = _dropped(export)
    lines = [cst.ensure_type(line, cst.SimpleStatementLine) for line in find_all(scope, cst.SimpleStatementLine)]
    for name in sorted({node.value for node in dropped}):
        made = [line for line in lines if assigned_name(line) == name]
        if len(made) != 1 or view.enclosing_function(made[0]) is not function:
            continue
        own = _mentions(view, made[0], name)
        others = [node for node in _mentions(view, scope, name) if node not in own and node not in dropped]
        if len(own) == 1 and not others and not _is_looked_up(view, made[0]):
            yield made[0]


def _dropped(export: SessionExport) -> list[cst.Name]:
    """The names that were given as init ops and only fill tables."""
    given = [(write, write.values[option]) for write in export.writes for option in _INIT_OPS if option in write.values]
    return [node for write, node in given if isinstance(node, cst.Name) and node is not write.init_op]


def _mentions(view: ModuleView, within: cst.CSTNode, name: str) -> list[cst.Name]:
    names = (cst.ensure_type(node, cst.Name) for node in find_all(within, cst.Name))
    return [node for node in names if node.value == name and not view.is_attribute_name(node)]


def _is_looked_up(view: ModuleView, line: cst.SimpleStatementLine) -> bool:
    """Whether a string that the statement holds, as the op's name, stands elsewhere too."""
    strings = {string_value(node) for node in find_all(line, cst.SimpleString)}
    found = [string_value(node) for node in view.find_all(cst.SimpleString)]
    return any(found.count(string) > 1 for string in strings)

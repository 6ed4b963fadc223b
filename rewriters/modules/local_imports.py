"""Imports the support module inside of functions where TensorFlow is imported there: the file loads without either."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.syntax import dotted_name, only_small_statement, statement

_Replacements = dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]


def with_local_imports(
    view: ModuleView,
    replacements: Mapping[cst.CSTNode, tuple[cst.BaseStatement, ...]],
    statements: Iterable[cst.SimpleStatementLine],
    line: str,
) -> _Replacements:
    """The replacements, and an import for each of some statements: behind TensorFlow's, or before the statement."""
    result = dict(replacements)
    for node in statements:
        beside = _import_before(view, node)
        new = statement(f'{line}\n')
        if beside is not None:
            result[beside] = (beside.with_changes(), new)  # a copy: what is replaced is looked for in it, too
        else:
            first, *rest = result.get(node, (node,))
            leading = getattr(first, 'leading_lines', ())
            result[node] = (new.with_changes(leading_lines=leading), first.with_changes(leading_lines=()), *rest)
    return result


def _import_before(view: ModuleView, node: cst.SimpleStatementLine) -> cst.SimpleStatementLine | None:
    """The last import of TensorFlow that has run wherever a statement is reached, and whose names are seen there."""
    around = itertools.pairwise(view.ancestors(node))
    blocks = [block for block, outer in around if not isinstance(outer, cst.ClassDef)]
    lines = (line for block in blocks if isinstance(block, cst.IndentedBlock) for line in reversed(block.body))
    before = (line for line in lines if isinstance(line, cst.SimpleStatementLine) and view.line(line) < view.line(node))
    return next(filter(_imports_tensorflow, before), None)


def _imports_tensorflow(line: cst.SimpleStatementLine) -> bool:
    small = only_small_statement(line)
    modules: list[cst.CSTNode | None] = []
    if isinstance(small, cst.Import):
        modules = [alias.name for alias in small.names]
    elif isinstance(small, cst.ImportFrom) and not small.relative:
        modules = [small.module]
    return any((dotted_name(name) or '').partition('.')[0] == 'tensorflow' for name in modules if name is not None)

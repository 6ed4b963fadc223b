"""Puts imports into a module: those of standard modules among its own, others behind that of TensorFlow."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Sequence

import libcst as cst

from rewriters.changed_text import changed_text
from rewriters.module_view import parse_module
from rewriters.names.places import Locator
from rewriters.positions import Positions
from rewriters.statements import Statements
from rewriters.syntax import dotted_name, find_all, only_small_statement, statement, string_value, suite
from rewriters.trees import with_parents

_IMPORTS = (ast.Import, ast.ImportFrom)


def text_with_imports(text: str, tree: ast.Module, lines: Collection[str]) -> str:
    """The source with lines that import modules that import TensorFlow.

    As `with_imports`, but libcst reads only as much of the source as tells where these go.
    """
    count = _count_head(tree.body)
    end = Locator(text).offset((tree.body[count - 1].end_lineno or 0) + 1, 0) if count < len(tree.body) else len(text)
    head = text[:end]
    module = parse_module(head)
    statements = Statements(module, ast.Module(tree.body[:count], []), with_parents(module))
    changed = _after_tensorflow(module, sorted(lines), ())
    return changed_text(head, module, changed, Positions(head, module, statements)) + text[end:]


def with_imports(module: cst.Module, lines: Collection[str], after: Sequence[str] = ()) -> cst.Module:
    """The module with lines that import something, and behind them with those that come after all imports."""
    standard = sorted(line for line in lines if line.split()[1] in sys.stdlib_module_names)
    others = sorted({*lines} - {*standard})
    return _after_tensorflow(_with_standard(module, standard), others, after)


def _with_standard(module: cst.Module, imports: Sequence[str]) -> cst.Module:
    """Puts imports of standard modules before the first import that is not `__future__`."""
    for line in imports:
        body = list(module.body)
        at = _import_place(body, line)
        node = cst.ensure_type(statement(line + '\n'), cst.SimpleStatementLine)
        following = body[at] if at < len(body) else None
        if following is not None and not _comes_after_standard(body, at):
            node = node.with_changes(leading_lines=getattr(following, 'leading_lines', ()))
            if _standard_import(following) is not None:
                body[at] = following.with_changes(leading_lines=[])
        body.insert(at, node)
        module = module.with_changes(body=body)
    return module


def _after_tensorflow(module: cst.Module, imports: Sequence[str], lines: Sequence[str]) -> cst.Module:
    """Puts imports of modules that import TensorFlow, and statements that use it, after the module's imports.

    Never before the module itself imports TensorFlow: the environment may be set up for that first.
    """
    new = [cst.ensure_type(statement(line + '\n'), cst.SimpleStatementLine) for line in (*imports, *lines)]
    if not new:
        return module
    at = _end_of_imports(module.body)
    nested = _nested_import(module) if not any(_brings_tensorflow(node) for node in module.body[:at]) else None
    if nested is not None:
        block, line = nested
        changed = cst.ensure_type(block.visit(_Inserter(line, new)), cst.BaseStatement)  # type: ignore[type-abstract]
        return module.with_changes(body=[changed if node is block else node for node in module.body])
    if lines:
        new[len(imports)] = new[len(imports)].with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return module.with_changes(body=[*module.body[:at], *new, *module.body[at:]])


class _Inserter(cst.CSTTransformer):
    """Puts statements behind one."""

    def __init__(self, node: cst.CSTNode, new: Sequence[cst.BaseStatement]) -> None:
        self._node = node
        self._new = new

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        return cst.FlattenSentinel([updated_node, *self._new]) if original_node is self._node else updated_node


def _end_of_imports(body: Sequence[cst.BaseStatement]) -> int:
    """Behind the last import of the block at the top, and of the one that brings TensorFlow if that comes later."""
    first_code = next((i for i, node in enumerate(body) if _is_code(node)), len(body))
    imports = [i for i, node in enumerate(body[:first_code]) if _imported_module(node) is not None]
    end = imports[-1] + 1 if imports else first_code
    if any(_brings_tensorflow(node) for node in body[:end]):
        return end
    later = next((i for i, node in enumerate(body) if _brings_tensorflow(node)), None)
    if later is None:
        return end
    end = later + 1
    while end < len(body) and _imported_module(body[end]) is not None:
        end += 1
    return end


def _brings_tensorflow(node: cst.CSTNode) -> bool:
    """Whether TensorFlow is imported once the statement is done: by it, in a `try`, or in each branch of an `if`."""
    if isinstance(node, cst.Try):
        return any(_brings_tensorflow(inner) for inner in node.body.body)
    if isinstance(node, cst.If):
        otherwise = node.orelse.body if isinstance(node.orelse, cst.Else) else node.orelse
        branches = [node.body, *([otherwise] if otherwise is not None else [])]
        return len(branches) == 2 and all(_branch_brings_tensorflow(branch) for branch in branches)
    return (_imported_module(node) or '').split('.')[0] == 'tensorflow'


def _branch_brings_tensorflow(branch: cst.CSTNode) -> bool:
    if isinstance(branch, cst.If):
        return _brings_tensorflow(branch)
    return any(_brings_tensorflow(inner) for inner in suite(branch) or ())


def _nested_import(module: cst.Module) -> tuple[cst.BaseStatement, cst.CSTNode] | None:
    """The first import of TensorFlow in a block of the module, such as `if __name__ == '__main__':`, and the block."""
    blocks = [node for node in module.body if isinstance(node, cst.If | cst.Try | cst.With | cst.For | cst.While)]
    run = [block for block in blocks if not (isinstance(block, cst.If) and _is_for_types(block.test))]
    found = ((block, line) for block in run for line in find_all(block, cst.SimpleStatementLine))
    return next(((block, line) for block, line in found if _brings_tensorflow(line)), None)


def _is_for_types(test: cst.BaseExpression) -> bool:
    """Whether it is the condition of what no program runs: `typing.TYPE_CHECKING`."""
    return (dotted_name(test) or '').rpartition('.')[2] == 'TYPE_CHECKING'


def _is_code(node: cst.CSTNode) -> bool:
    """Whether a statement is neither an import, nor a docstring, nor a guard around imports."""
    small = only_small_statement(node)
    is_docstring = isinstance(small, cst.Expr) and string_value(small.value) is not None
    return not (is_docstring or _imported_module(node) is not None or isinstance(node, cst.Try | cst.If))


def _import_place(body: Sequence[cst.BaseStatement], line: str) -> int:
    """Before the first import that sorts after `line`, and not after the block of standard imports."""
    first = next((i for i, node in enumerate(body) if _imported_module(node) not in (None, '__future__')), len(body))
    at = first
    while at < len(body):
        name = _standard_import(body[at])
        if name is None or name > line.split()[1]:
            break
        at += 1
    return at


def _comes_after_standard(body: Sequence[cst.BaseStatement], at: int) -> bool:
    return at > 0 and _standard_import(body[at - 1]) is not None


def _standard_import(node: cst.CSTNode) -> str | None:
    """`os` for `import os`, where `os` is a standard module."""
    name = _imported_module(node)
    is_plain = isinstance(only_small_statement(node), cst.Import)
    return name if is_plain and name is not None and name.split('.')[0] in sys.stdlib_module_names else None


def _imported_module(node: cst.CSTNode) -> str | None:
    small = only_small_statement(node)
    if isinstance(small, cst.Import):
        return small.names[0].evaluated_name
    if isinstance(small, cst.ImportFrom) and small.module is not None:
        return dotted_name(small.module)
    return None


def _count_head(body: Sequence[ast.stmt]) -> int:
    """How many statements tell where imports go: all up to the last that imports something, and the one behind it.

    The first that has nothing to do with imports is among them too.
    """
    imports = [index for index, node in enumerate(body) if _imports_something(node)]
    code = (index for index, node in enumerate(body) if not isinstance(node, (*_IMPORTS, ast.Expr, ast.Try, ast.If)))
    count = max(imports[-1], next(code, 0)) + 2 if imports else len(body)
    while count < len(body) and body[count].lineno == body[count - 1].end_lineno:
        count += 1
    return min(count, len(body))


def _imports_something(node: ast.stmt) -> bool:
    """Whether a statement imports when the module is, or a block in it does."""
    is_block = isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While)
    return isinstance(node, _IMPORTS) or (is_block and any(isinstance(inner, _IMPORTS) for inner in ast.walk(node)))

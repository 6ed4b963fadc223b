"""Puts finished changes into a module: replaced statements, classes before the code that uses them, imports."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.syntax import dotted_name, find_all, only_small_statement, statement, string_value, suite


def apply_changes(view: ModuleView, changes: Sequence[Change]) -> cst.Module:
    """The module with every change made.

    Raises:
        RuntimeError: a change found no place; the module must not be written.
    """
    if not changes:
        return view.module
    replacements = {node: new for change in changes for node, new in change.replacements.items()}
    hoists: dict[cst.CSTNode, list[cst.BaseStatement]] = {}
    for change in changes:
        if change.hoisted:
            first = next(iter(change.replacements))
            outermost = [node for node in [first, *view.ancestors(first)] if node is not view.module]
            hoists.setdefault(outermost[-1], []).extend(change.hoisted)
    applier = _Applier(view, replacements, hoists)
    module = view.module.visit(applier)
    if applier.missing():
        raise RuntimeError('a rewritten export found no place in the module')
    after = sorted({line for change in changes for line in change.after_imports})
    return with_imports(module, {line for change in changes for line in change.imports}, after)


def with_imports(module: cst.Module, lines: Collection[str], after: Sequence[str] = ()) -> cst.Module:
    """The module with lines that import something, and behind them with those that come after all imports."""
    standard = sorted(line for line in lines if line.split()[1] in sys.stdlib_module_names)
    others = sorted({*lines} - {*standard})
    return _after_tensorflow(_with_standard(module, standard), others, after)


class _Applier(cst.CSTTransformer):
    def __init__(
        self,
        view: ModuleView,
        replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]],
        hoists: dict[cst.CSTNode, list[cst.BaseStatement]],
    ) -> None:
        self._view = view
        self._above = {outer for node in (*replacements, *hoists) for outer in view.ancestors(node)}
        self._replacements = replacements
        self._hoists = hoists
        self._done: set[cst.CSTNode] = set()

    def missing(self) -> bool:
        return bool({*self._replacements, *self._hoists} - self._done)

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Goes only where something is to be replaced: what is below a node that was made anew can't be told."""
        return node not in self._replacements and (node in self._above or not self._view.holds(node))

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> object:  # type: ignore[override]
        new = self._replacements.get(original_node)
        if new is None and original_node not in self._hoists:
            return updated_node
        self._done.add(original_node)
        result: list[cst.BaseStatement] = self._visited(new) if new is not None else []
        if isinstance(updated_node, cst.Module | cst.IndentedBlock):
            return updated_node.with_changes(body=result)
        if new is None and isinstance(updated_node, cst.BaseStatement):
            result = [updated_node]
        if isinstance(original_node, cst.With) and result:
            result[0] = _with_blank_lines_of(original_node, result[0])
        hoisted = self._hoists.get(original_node, [])
        return cst.FlattenSentinel([*hoisted, *result]) if hoisted or result else cst.RemoveFromParent()

    def _visited(self, statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """New statements may hold old ones, in which other changes are to be made."""
        result: list[cst.BaseStatement] = []
        for node in statements:
            visited = node.visit(self)
            result += visited if isinstance(visited, cst.FlattenSentinel) else [visited]  # type: ignore[list-item]
        return result


def _with_blank_lines_of(original: cst.With, first: cst.BaseStatement) -> cst.BaseStatement:
    """The first statement in place of a `with`: after at least as many blank lines, then with its own comments."""
    own: Sequence[cst.EmptyLine] = getattr(first, 'leading_lines', ())
    blank = [line for line in original.leading_lines if line.comment is None]
    own_blank = [line for line in own if line.comment is None]
    comments = [line for line in own if line.comment is not None]
    lines = blank if len(blank) >= len(own_blank) else own_blank
    return first.with_changes(leading_lines=[*lines, *comments])


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
        return cst.ensure_type(module.visit(_Inserter(nested, new)), cst.Module)
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


def _nested_import(module: cst.Module) -> cst.CSTNode | None:
    """The first import of TensorFlow in a block of the module, such as `if __name__ == '__main__':`."""
    blocks = [node for node in module.body if isinstance(node, cst.If | cst.Try | cst.With | cst.For | cst.While)]
    found = (line for block in blocks for line in find_all(block, cst.SimpleStatementLine))
    return next((line for line in found if _brings_tensorflow(line)), None)


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

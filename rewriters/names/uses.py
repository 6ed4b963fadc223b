"""Finds where a module uses TensorFlow's names: dotted names in expressions, and import statements."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from rewriters.symbols import Symbols

TENSORFLOW = 'tensorflow'
COMPAT_V1 = 'tensorflow.compat.v1'
_TYPE_CHECKS = ('isinstance', 'issubclass')


@dataclass(frozen=True)
class Use:
    """One dotted name that means something of TensorFlow."""

    node: ast.Attribute
    words: tuple[str, ...]
    head: str
    """What the first word alone means, as `tensorflow` or `tensorflow.compat.v1.nn`."""
    qualified: str
    call: ast.Call | None
    """The call of which this is the function."""
    checks_type: bool
    """Whether it stands where only the type matters: in isinstance, or as an annotation."""
    f_string: ast.JoinedStr | None

    @property
    def spelled(self) -> str:
        return '.'.join(self.words)


@dataclass
class Found:
    """What one walk over a module finds."""

    uses: list[Use] = field(default_factory=list)
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    unclear: list[tuple[ast.Attribute, str]] = field(default_factory=list)
    """Names that TensorFlow's import binds, and something else too: with what they mean if they are TensorFlow's."""
    name_calls: dict[str, list[ast.Call | None]] = field(default_factory=dict)
    """For each name that an import binds: the calls of it, None for every use that is no call."""


@dataclass(frozen=True)
class _Chain:
    node: ast.Attribute | ast.Name
    words: tuple[str, ...]
    call: ast.Call | None
    checks_type: bool
    f_string: ast.JoinedStr | None


def find_uses(tree: ast.Module, symbols: Symbols) -> Found:
    """Everything in the module that names TensorFlow, in source order."""
    walk = _Walk()
    walk.visit(tree)
    heads = _heads(walk)
    imported = dict(binding for statement in walk.imports for binding in _bindings(statement))
    found = Found(imports=walk.imports)
    for chain in walk.chains:
        name = chain.words[0]
        if name not in heads:
            continue
        if isinstance(chain.node, ast.Name):
            found.name_calls.setdefault(name, []).append(chain.call)
            continue
        # Before Python 3.12 what stands in an f-string has made-up positions.
        spot = chain.f_string if chain.f_string and sys.version_info < (3, 12) else chain.node
        line, column = spot.lineno, spot.col_offset
        head = symbols.resolve(name, line, column)
        qualified = symbols.resolve('.'.join(chain.words), line, column) if head else None
        if head is None and name in imported and symbols.is_global(name, line, column):
            found.unclear.append((chain.node, '.'.join((imported[name], *chain.words[1:]))))
        if head and qualified:
            use = Use(chain.node, chain.words, head, qualified, chain.call, chain.checks_type, chain.f_string)
            found.uses.append(use)
    found.uses.sort(key=lambda use: (use.node.lineno, use.node.col_offset, use.node.end_col_offset or 0))
    return found


def imported_module(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether the statement imports TensorFlow or something of it."""
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and _is_tensorflow(statement.module or '')
    return any(_is_tensorflow(alias.name) for alias in statement.names)


def _is_tensorflow(module: str) -> bool:
    return module == TENSORFLOW or module.startswith(TENSORFLOW + '.')


class _Walk:
    """One walk over the tree with a stack of its own: deep expressions are common in generated code."""

    def __init__(self) -> None:
        self.chains: list[_Chain] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.assigned: list[tuple[str, str]] = []
        """(name, first word of what is assigned to it)"""

    def visit(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.AST, ast.Call | None, bool, ast.JoinedStr | None]] = [(tree, None, False, None)]
        while stack:
            node, call, checks_type, f_string = stack.pop()
            if isinstance(node, ast.Attribute | ast.Name):
                base = self._chain(node, call, checks_type, f_string)
                if base is not None:
                    stack.append((base, None, False, f_string))
            elif isinstance(node, ast.Call):
                stack.extend(
                    (child, node if child is node.func else None, _is_type_argument(node, child), f_string)
                    for child in ast.iter_child_nodes(node)
                )
            elif isinstance(node, ast.JoinedStr):
                stack.extend((child, None, False, f_string or node) for child in node.values)
            else:
                annotations = self._statement(node)
                keeps = checks_type and isinstance(node, ast.Tuple | ast.Subscript | ast.BinOp)
                for child in ast.iter_child_nodes(node):
                    stack.append((child, None, keeps or child in annotations, f_string))

    def _chain(
        self,
        node: ast.Attribute | ast.Name,
        call: ast.Call | None,
        checks_type: bool,
        f_string: ast.JoinedStr | None,
    ) -> ast.expr | None:
        """Records a dotted name; gives the expression at its beginning where that is no name."""
        words: list[str] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            words.append(base.attr)
            base = base.value
        if not isinstance(base, ast.Name):
            return base
        if words or isinstance(base.ctx, ast.Load):
            self.chains.append(_Chain(node, (base.id, *reversed(words)), call, checks_type, f_string))
        return None

    def _statement(self, node: ast.AST) -> tuple[ast.AST | None, ...]:
        """Records imports and assignments; gives the annotations that the node has."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            if imported_module(node):
                self.imports.append(node)
        elif isinstance(node, ast.Assign):
            if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self.assigned += [(node.targets[0].id, word) for word in _first_word(node.value)]
        elif isinstance(node, ast.AnnAssign | ast.arg):
            return (node.annotation,)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return (node.returns,)
        return ()


def _is_type_argument(call: ast.Call, child: ast.AST) -> bool:
    is_check = isinstance(call.func, ast.Name) and call.func.id in _TYPE_CHECKS
    return is_check and child is not call.func and child is not call.args[:1][0] if call.args else False


def _first_word(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _bindings(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            yield alias.asname or alias.name, f'{statement.module}.{alias.name}'
        elif _is_tensorflow(alias.name):
            yield alias.asname or TENSORFLOW, alias.name if alias.asname else TENSORFLOW


def _heads(walk: _Walk) -> set[str]:
    """The names that may stand for TensorFlow or a part of it; only these are worth resolving."""
    heads: set[str] = set()
    for statement in walk.imports:
        heads.update(name for name, _ in _bindings(statement))
    pending = walk.assigned
    while True:
        new = {name for name, word in pending if word in heads} - heads
        if not new:
            return heads
        heads |= new

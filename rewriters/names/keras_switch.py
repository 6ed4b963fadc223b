"""Asks for Keras 2 in a file that can't do without: sets TF_USE_LEGACY_KERAS before TensorFlow is imported.

Only for names that raise with Keras 3, like tf.compat.v1.layers. A file that merely uses `tf.keras` is not switched:
much of that works with Keras 3 as it is, and the switch holds for the whole program, which may want Keras 3 elsewhere.

https://www.tensorflow.org/guide/versions#keras_api
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence

from rewriters.names.places import Edit, Locator
from rewriters.scopes import Walk

VARIABLE = 'TF_USE_LEGACY_KERAS'
_SET = f"os.environ.setdefault('{VARIABLE}', '1')"
_WHY = '  # Keras 2; before TensorFlow is imported'


def switch_to_keras_2(walk: Walk, locator: Locator) -> Edit | None:
    """The edit that puts the switch behind the first imports of the standard library, which don't import TensorFlow.

    None where `os` is something else in this file.
    """
    if any(binding.imported != 'os' for binding in walk.root.bindings.get('os', ())):
        return None
    count = _count_leading(walk.body)
    leading, following = walk.body[:count], walk.body[count:]
    imports_os = any(isinstance(node, ast.Import) and _binds_os(node) for node in leading)
    newline = locator.newline
    if not leading:
        offset = locator.offset(_first_line(following[0]), 0)
        return Edit(offset, offset, f'import os{newline}{newline}{_SET}{_WHY}{newline}{newline}')
    last = leading[-1]
    if following and following[0].lineno == last.end_lineno:  # import os; import tensorflow as tf
        offset, _ = locator.span(following[0])
        return Edit(offset, offset, f'{_SET}; ' if imports_os else f'import os; {_SET}; ')
    offset = locator.line_end(last.end_lineno or last.lineno)
    gap = newline if _is_plain_import(last) else newline * 2
    needed = '' if imports_os else f'{gap}import os'
    is_crowded = following and _first_line(following[0]) == (last.end_lineno or last.lineno) + 1
    return Edit(offset, offset, f'{needed}{newline}{newline}{_SET}{_WHY}{newline if is_crowded else ""}')


def _count_leading(body: Sequence[ast.stmt]) -> int:
    """How many statements at the beginning are docstring, `__future__`, or imports of the standard library."""
    for index, node in enumerate(body):
        is_docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_docstring and not _is_future(node) and not _is_plain_import(node):
            return index
    return len(body)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == '__future__'


def _is_plain_import(node: ast.stmt) -> bool:
    """Whether the statement imports of the standard library alone."""
    if isinstance(node, ast.ImportFrom):
        return not node.level and not _is_future(node) and _is_standard(node.module or '')
    return isinstance(node, ast.Import) and all(_is_standard(alias.name) for alias in node.names)


def _is_standard(module: str) -> bool:
    return module.partition('.')[0] in sys.stdlib_module_names


def _binds_os(node: ast.Import) -> bool:
    return any((alias.asname or alias.name.partition('.')[0]) == 'os' for alias in node.names)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, 'decorator_list', [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])

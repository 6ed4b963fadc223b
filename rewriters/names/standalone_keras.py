"""Finds what a module uses of Keras by its own name, `keras`: with TensorFlow 2.16 and later, that is Keras 3.

https://keras.io/getting_started/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.symbols import Symbols, dotted_name

_BACKEND = 'keras.backend.'
# What keras.backend has in Keras 3. It was all that Keras computes with, and is settings only.
BACKEND_OF_KERAS_3 = frozenset(
    'backend clear_session epsilon floatx get_uid image_data_format is_float_dtype is_int_dtype is_keras_tensor '
    'result_type set_epsilon set_floatx set_image_data_format standardize_dtype'.split()
)
_OF_SESSIONS = ('get_session', 'set_session')

_Import = ast.Import | ast.ImportFrom


def find_imports(symbols: Symbols) -> list[_Import]:
    """The statements that import Keras, in source order."""
    return sorted({node for node, _, _ in _imported(symbols)}, key=lambda node: node.lineno)


def find_gone(symbols: Symbols) -> list[tuple[ast.alias | ast.Attribute, str]]:
    """Every import and use of what Keras 3 has not in keras.backend, and its name, in source order."""
    found: list[tuple[ast.alias | ast.Attribute, str]] = []
    names: set[str] = set()
    for _, alias, qualified in _imported(symbols):
        found += [(alias, qualified)] if _is_gone(qualified) else []
        names.add(alias.asname or alias.name.partition('.')[0])
    for name in names:
        for chain in symbols.walk.chains.get(name, ()):
            meant = symbols.qualified_in(dotted_name(chain.node) or '', chain.scope) or ''
            if isinstance(chain.node, ast.Attribute) and _is_gone(meant):
                found.append((chain.node, meant))
    return sorted(found, key=lambda each: (each[0].lineno, each[0].col_offset))


def has_session(symbols: Symbols) -> bool:
    """Whether the module shares a session with such a Keras."""
    return any(name.endswith(_OF_SESSIONS) for _, name in find_gone(symbols))


def _imported(symbols: Symbols) -> Iterator[tuple[_Import, ast.alias, str]]:
    for node in symbols.walk.imports:
        for alias in node.names:
            module = f'{node.module}.{alias.name}' if isinstance(node, ast.ImportFrom) else alias.name
            is_relative = isinstance(node, ast.ImportFrom) and node.level
            if f'{module}.'.startswith('keras.') and not f'{module}.'.startswith('keras.src.') and not is_relative:
                yield node, alias, module


def _is_gone(qualified: str) -> bool:
    name = qualified.removeprefix(_BACKEND).partition('.')[0]
    return qualified.startswith(_BACKEND) and name != '*' and name not in BACKEND_OF_KERAS_3

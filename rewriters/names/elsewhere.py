"""Finds TensorFlow where no plain import shows it: behind other modules, calls, `import *`, its inner packages."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterator
from typing import NamedTuple

from rewriters import symbol_table
from rewriters.bindings import Scope
from rewriters.bytes_first import TENSORFLOW_NAMES
from rewriters.names.decide import is_only_in_v1
from rewriters.names.uses import COMPAT_V1, TENSORFLOW
from rewriters.symbols import Symbols, dotted_name

_Import = ast.Import | ast.ImportFrom
_MODULE = 'another module, '
INNER_PACKAGES = ('tensorflow_core', 'tensorflow_estimator')
"""What TensorFlow's own wheels installed beside `tensorflow` for their own use."""


class HandedOn(NamedTuple):
    """A name for TensorFlow that does not come from TensorFlow, and its uses that need TensorFlow 1, in source order.

    `source` is what it comes from: another module, what a call returns, or a caller.
    """

    name: str
    source: str
    uses: tuple[tuple[ast.Attribute, str], ...]


@functools.lru_cache(maxsize=1)  # both names and exports are told of
def find_handed_on(symbols: Symbols) -> tuple[HandedOn, ...]:
    """Names for TensorFlow that come from elsewhere, where something is used that TensorFlow 2 has not there."""
    stars = [
        node
        for node in symbols.walk.imports
        if isinstance(node, ast.ImportFrom) and node.names[0].name == '*' and not _is_of_tensorflow(node)
    ]
    return tuple(found for name in TENSORFLOW_NAMES for found in _handed_on(symbols, name, stars))


def _handed_on(symbols: Symbols, name: str, stars: list[ast.ImportFrom]) -> Iterator[HandedOn]:
    """The name, once for each of its sources."""
    module = _handing_on(symbols, name, stars)
    if module is None and name not in symbols.walk.given:
        return
    spelled = COMPAT_V1 if name.endswith('1') else TENSORFLOW
    uses: dict[str, list[tuple[ast.Attribute, str]]] = {}
    for chain in symbols.walk.chains.get(name, ()):
        source = _source(symbols, chain.scope, name, module) if isinstance(chain.node, ast.Attribute) else ''
        if not source or not isinstance(chain.node, ast.Attribute):
            continue
        qualified = spelled + (dotted_name(chain.node) or name)[len(name) :]
        if is_only_in_v1(_plain(qualified)):
            uses.setdefault(source, []).append((chain.node, qualified))
    for source, found in uses.items():
        if source.startswith(_MODULE) or any(_is_telling(qualified) for _, qualified in found):
            found.sort(key=lambda use: (use[0].lineno, use[0].col_offset))
            yield HandedOn(name, source, tuple(found))


def _source(symbols: Symbols, scope: Scope, name: str, module: str | None) -> str:
    """What a name comes from where it is read; empty where that is TensorFlow itself, or not known at all."""
    owner = scope.owner(name)
    is_global = owner is None or owner is symbols.walk.root
    if is_global and module is not None:
        return _MODULE + f'`{module}`'
    if owner is None or (is_global and name in symbols.imported):
        return ''
    return next((binding.giver for binding in owner.bindings[name] if binding.giver), '')


def _is_telling(qualified: str) -> bool:
    """Whether hardly anything but TensorFlow has the like: not `tf.log`, nor `tf.layers` with what is in it."""
    symbol = symbol_table.find_longest(_plain(qualified).removeprefix(TENSORFLOW + '.'))
    return symbol is not None and not symbol.is_module and not (symbol.name.isalnum() and symbol.name.islower())


def _plain(qualified: str) -> str:
    return qualified.replace(COMPAT_V1, TENSORFLOW, 1)


def _handing_on(symbols: Symbols, name: str, stars: list[ast.ImportFrom]) -> str | None:
    """The module that `name` comes from, by `from ..compat import tf` or by a star; None where it is bound here."""
    bindings = symbols.walk.root.bindings.get(name, [])
    if not bindings:
        return _spelled(stars[0]) if stars else None
    for node in symbols.walk.imports:
        if isinstance(node, ast.ImportFrom) and _hands_on(node, name) and len(bindings) == 1:
            return _spelled(node)
    return None


def _hands_on(node: ast.ImportFrom, name: str) -> bool:
    """Whether a statement imports from another module what that calls TensorFlow."""
    return not _is_of_tensorflow(node) and any(
        (alias.asname or alias.name) == name and alias.name in TENSORFLOW_NAMES for alias in node.names
    )


def hidden_by_star(node: ast.ImportFrom, symbols: Symbols) -> str | None:
    """A name that `from tensorflow.… import *` gives, that is used, and that only TensorFlow 1 has there."""
    for name, chains in symbols.walk.chains.items():
        is_unbound = any(chain.scope.owner(name) is None for chain in chains) and not hasattr(builtins, name)
        if is_unbound and is_only_in_v1(f'{node.module}.{name}'):
            return name
    return None


def imports_of_inner_packages(symbols: Symbols) -> Iterator[tuple[_Import, str]]:
    """Imports of `tensorflow_core` and `tensorflow_estimator`, and the module that is imported."""
    for node in symbols.walk.imports:
        if isinstance(node, ast.ImportFrom):
            modules = [] if node.level else [node.module or '']
        else:
            modules = [alias.name for alias in node.names]
        for module in modules:
            if module.partition('.')[0] in INNER_PACKAGES:
                yield node, module


def _is_of_tensorflow(node: ast.ImportFrom) -> bool:
    return not node.level and (node.module or '').partition('.')[0] == TENSORFLOW


def _spelled(node: ast.ImportFrom) -> str:
    return '.' * node.level + (node.module or '')

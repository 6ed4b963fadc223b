"""Finds TensorFlow where no plain import shows it: behind other modules, `import *`, and its inner packages."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import NamedTuple

from rewriters.bytes_first import TENSORFLOW_NAMES
from rewriters.names.decide import is_only_in_v1
from rewriters.names.uses import COMPAT_V1, TENSORFLOW
from rewriters.symbols import Symbols, dotted_name

_Import = ast.Import | ast.ImportFrom
INNER_PACKAGES = ('tensorflow_core', 'tensorflow_estimator')
"""What TensorFlow's own wheels installed beside `tensorflow` for their own use."""


class HandedOn(NamedTuple):
    """A name for TensorFlow that a module of the project hands on, and its first use that needs TensorFlow 1."""

    name: str
    module: str
    node: ast.Attribute
    qualified: str
    uses: int


def find_handed_on(symbols: Symbols) -> Iterator[HandedOn]:
    """Names for TensorFlow that come from other modules, where something is used that TensorFlow 2 has not there."""
    stars = [
        node
        for node in symbols.walk.imports
        if isinstance(node, ast.ImportFrom) and node.names[0].name == '*' and not _is_of_tensorflow(node)
    ]
    for name in TENSORFLOW_NAMES:
        module = _handing_on(symbols, name, stars)
        if module is None:
            continue
        spelled = COMPAT_V1 if name.endswith('1') else TENSORFLOW
        uses = []
        for chain in symbols.walk.chains.get(name, ()):
            owner = chain.scope.owner(name)
            if isinstance(chain.node, ast.Attribute) and (owner is None or owner is symbols.walk.root):
                qualified = spelled + (dotted_name(chain.node) or name)[len(name) :]
                if is_only_in_v1(qualified.replace(COMPAT_V1, TENSORFLOW, 1)):
                    uses.append((chain.node, qualified))
        if uses:
            node, qualified = min(uses, key=lambda use: (use[0].lineno, use[0].col_offset))
            yield HandedOn(name, module, node, qualified, len(uses))


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

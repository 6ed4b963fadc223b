"""Finds where a module uses TensorFlow's names: dotted names in expressions, and import statements."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass, field
from typing import NamedTuple

from rewriters.bindings import Scope
from rewriters.scopes import Chain
from rewriters.symbols import Symbols

TENSORFLOW = 'tensorflow'
COMPAT_V1 = 'tensorflow.compat.v1'


class Use(NamedTuple):
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


_made = tuple.__new__  # in half the time that `Use(…)` takes: there are thousands


@dataclass
class Found:
    """What one walk over a module finds."""

    uses: list[Use] = field(default_factory=list)
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    unclear: list[tuple[ast.Attribute, str]] = field(default_factory=list)
    """Names that TensorFlow's import binds, and something else too: with what they mean if they are TensorFlow's."""
    name_calls: dict[str, list[ast.Call | None]] = field(default_factory=dict)
    """For each name that an import binds: the calls of it, None for every use that is no call."""


@functools.lru_cache(maxsize=1)  # several rooms ask for those of the same file
def find_uses(symbols: Symbols) -> Found:
    """Everything in the module that names TensorFlow, in source order."""
    found = Found(imports=list(symbols.imports))
    for name in symbols.heads:
        meanings: dict[Scope, tuple[str | None, bool]] = {}
        narrowed_in, first_meaning = symbols.before_narrowing(name)
        for chain in symbols.walk.chains.get(name, ()):
            if isinstance(chain.node, ast.Name):
                found.name_calls.setdefault(name, []).append(chain.call)
                continue
            meaning = meanings.get(chain.scope)
            if meaning is None:
                unclear = name in symbols.imported and symbols.is_global_in(name, chain.scope)
                meaning = meanings[chain.scope] = symbols.resolve_in(name, chain.scope), unclear
            head, is_unclear = meaning
            if chain.node.lineno <= narrowed_in and chain.scope is symbols.walk.root:
                head = first_meaning
            if head is not None:
                found.uses.append(_use(chain, head))
            elif is_unclear:
                found.unclear.append((chain.node, '.'.join((symbols.imported[name], *_words(chain.node)[1:]))))
    found.uses.sort(key=lambda use: _position(use.node))
    found.unclear.sort(key=lambda unclear: _position(unclear[0]))
    return found


def spelled_at(use: Use, target: str, symbols: Symbols) -> tuple[str, str] | None:
    """How to spell the target where the use stands: (a name that stands for TensorFlow there, what follows it)."""
    if use.head == TENSORFLOW:
        return use.words[0], target
    if use.head == COMPAT_V1 and target.startswith('compat.v1.'):
        return use.words[0], target.removeprefix('compat.v1.')
    line, column = use.node.lineno, use.node.col_offset
    for module, rest in ((TENSORFLOW, target), (COMPAT_V1, target.removeprefix('compat.v1.'))):
        if module == COMPAT_V1 and rest == target:
            continue
        for name in symbols.module_names(module):
            if symbols.resolve(name, line, column) == module:
                return name, rest
    return None


def _use(chain: Chain, head: str) -> Use:
    assert isinstance(chain.node, ast.Attribute)
    words = _words(chain.node)
    qualified = '.'.join((head, *words[1:]))
    around = chain.around
    return _made(Use, (chain.node, words, head, qualified, chain.call, around.checks_type, around.f_string))


def _position(node: ast.expr) -> tuple[int, int, int]:
    return node.lineno, node.col_offset, node.end_col_offset or 0


def _words(node: ast.expr) -> tuple[str, ...]:
    words: list[str] = []
    while type(node) is ast.Attribute:
        words.append(node.attr)
        node = node.value
    assert isinstance(node, ast.Name)
    return (node.id, *reversed(words))

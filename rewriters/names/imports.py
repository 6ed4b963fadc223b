"""Renames in import statements: `from tensorflow import Session` to `from tensorflow.compat.v1 import Session`."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from rewriters import symbol_table, symbol_table_source
from rewriters.names import contrib_homes
from rewriters.names.decide import Action, Decision, decide_symbol, public_name
from rewriters.names.uses import COMPAT_V1, TENSORFLOW, Found
from rewriters.options import NEWEST_TARGET, Version
from rewriters.symbol_table import Symbol

_FROM = re.compile(r'from(\s+)([\w.]+)(\s+)import\b')
# Attributes of their package that can't be imported from it, and where the same module can be.
_IMPORTABLE = {'compat.v1.app.flags': 'compat.v1.flags'}


class Imported(NamedTuple):
    """One name of an import statement, and what to do about it."""

    alias: ast.alias
    qualified: str
    decision: Decision

    @property
    def bound(self) -> str:
        return self.alias.asname or self.alias.name


def imported_names(
    statement: ast.Import | ast.ImportFrom, is_v1_file: bool, found: Found, version: Version = NEWEST_TARGET
) -> list[Imported]:
    """What to do about each name that the statement imports."""
    result = []
    for alias in statement.names:
        qualified = alias.name if isinstance(statement, ast.Import) else f'{statement.module}.{alias.name}'
        if alias.name == '*':
            qualified = statement.module or '' if isinstance(statement, ast.ImportFrom) else ''
        result.append(Imported(alias, qualified, _decision(qualified, alias, is_v1_file, found, version)))
    return result


def symbol_of(qualified: str, version: Version = NEWEST_TARGET) -> tuple[Symbol, bool] | None:
    """The symbol that an import means, and whether it is spelled as compat.v1's."""
    named = public_name(qualified)
    symbol = symbol_table.find_longest(named[0]) if named else None
    if named is None or symbol is None:
        return None
    symbol = symbol.in_version(version)
    if symbol.name != named[0] and symbol.kind not in ('gone', 'v1', 'keras2'):
        return None  # something else inside of a module that is still there
    return symbol, named[1]


def _decision(qualified: str, alias: ast.alias, is_v1_file: bool, found: Found, version: Version) -> Decision:
    meant = symbol_of(qualified, version)
    if meant is None:
        return Decision(Action.KEEP)
    symbol, spelled_v1 = meant
    home = _contrib_home(qualified, alias, found)
    if home is not None:
        return home
    if spelled_v1 or (symbol.kind in ('changed', 'keras') and not is_v1_file):
        return Decision(Action.GONE if symbol.kind == 'gone' else Action.KEEP, symbol)
    if symbol.kind == 'changed' and not symbol.is_module:
        calls = found.name_calls.get(alias.asname or alias.name, [])
        if calls and all(decide_symbol(symbol, call).action is Action.KEEP for call in calls):
            return Decision(Action.KEEP, symbol)
    return decide_symbol(symbol)


def _contrib_home(qualified: str, alias: ast.alias, found: Found) -> Decision | None:
    """The new home of a symbol of contrib, where that suits all calls of the name as they stand."""
    calls = found.name_calls.get(alias.asname or alias.name) or [None]
    homes = [contrib_homes.find(qualified.removeprefix(TENSORFLOW + '.'), call) for call in calls]
    first = homes[0]
    if first is None or any(home is None or any(home.keywords) for home in homes):
        return None
    return Decision(Action.RENAME, first.symbol, first.symbol.target, unless=first.unless)


def rewritten(statement: ast.Import | ast.ImportFrom, names: list[Imported], text: str, alone: bool) -> str | None:
    """The statement's new text, or None where it can't be changed exactly.

    `alone` says that nothing else stands on its lines, so that it may become several statements.
    """
    if isinstance(statement, ast.Import):
        return _rewritten_import(names, text)
    groups = _groups(names, statement.module or '')
    if groups is None:
        return None
    if len(groups) == 1:
        module, aliases = next(iter(groups.items()))
        if all(new == (name.alias.name, name.alias.asname) for new, name in zip(aliases, names, strict=True)):
            return _FROM.sub(lambda match: f'from{match[1]}{module}{match[3]}import', text, count=1)
    if '#' in text or not alone:
        return None
    lines = [f'from {module} import {", ".join(map(_as, aliases))}' for module, aliases in groups.items()]
    return '\n'.join(lines)


def _rewritten_import(names: list[Imported], text: str) -> str | None:
    """`import tensorflow.saved_model as sm` keeps its shape; without `as` the name that it binds would change."""
    for name in names:
        if name.decision.action is not Action.RENAME:
            continue
        target = f'{TENSORFLOW}.{name.decision.target}'
        symbol = name.decision.symbol
        if not name.alias.asname or symbol is None or f'{TENSORFLOW}.{symbol.name}' != name.qualified:
            return None
        text, count = re.subn(rf'(?<![\w.]){re.escape(name.qualified)}(?![\w.])', target, text, count=1)
        if not count:
            return None
    return text


def _groups(names: list[Imported], module: str) -> dict[str, list[tuple[str, str | None]]] | None:
    """New module → (name, as-name) pairs; None where one of them can't be imported from there."""
    groups: dict[str, list[tuple[str, str | None]]] = {}
    for name in names:
        pair: tuple[str, str | None] = (name.alias.name, name.alias.asname)
        new_module = module
        if name.decision.action is Action.RENAME and name.decision.symbol is not None:
            if f'{TENSORFLOW}.{name.decision.symbol.name}' != name.qualified:
                return None
            target = _IMPORTABLE.get(name.decision.target, name.decision.target)
            parent, _, last = target.rpartition('.')
            if not symbol_table.can_import(parent, last):
                return None
            new_module = f'{TENSORFLOW}.{parent}' if parent else TENSORFLOW
            pair = (last, name.alias.asname or (name.alias.name if last != name.alias.name else None))
        groups.setdefault(new_module, []).append(pair)
    return groups


def _as(pair: tuple[str, str | None]) -> str:
    name, bound = pair
    return f'{name} as {bound}' if bound else name


def is_gone_from_source(qualified: str) -> bool:
    """Whether the name is one of TensorFlow's own source that TensorFlow 2 has not."""
    name = qualified.removeprefix(TENSORFLOW + '.')
    return name.split('.')[0] in symbol_table_source.PACKAGES and symbol_table_source.is_gone(name)


def is_star(statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether the statement is `from … import *`."""
    return any(alias.name == '*' for alias in statement.names)


def is_deep(qualified: str) -> bool:
    """Whether a name lies in TensorFlow's own source rather than its public interface."""
    return (
        qualified.startswith(TENSORFLOW + '.')
        and not qualified.startswith(COMPAT_V1)
        and (public_name(qualified) is None)
    )

"""Decides what to do about one use of a TensorFlow name: keep it, rename it, or report it."""

from __future__ import annotations

import ast
import enum
import functools
from typing import NamedTuple

from rewriters import symbol_table
from rewriters.names import contrib_homes, equal_calls
from rewriters.names.uses import COMPAT_V1, TENSORFLOW, Use
from rewriters.options import NEWEST_TARGET, Version
from rewriters.symbol_table import Symbol

_NOT_PUBLIC = ('python', 'core', 'compiler', 'tools', 'examples', '_api', 'compat')
# TensorFlow 2's class is a base of what compat.v1 makes, so isinstance with it says the same. compat.v1.Variable is not
# even a base of the variables that compat.v1 makes: where it is no call, it must not be used at all.
TYPES_THAT_STAY = (
    'DeviceSpec',
    'Variable',
    'data.Dataset',
    'distribute.StrategyExtended',
    'lookup.StaticHashTable',
    'lookup.StaticVocabularyTable',
)


class Action(enum.Enum):
    KEEP = 'keep'
    RENAME = 'rename'
    GONE = 'gone'
    AMBIGUOUS = 'ambiguous'


class Decision(NamedTuple):
    """What to do. `target` stands without `tensorflow.`; `symbol` is what the use was taken for."""

    action: Action
    symbol: Symbol | None = None
    target: str = ''
    keywords: tuple[str, ...] = ()
    """The names that the arguments of the call get, where they need other ones: see contrib_homes."""
    unless: str = ''
    """What must not stand in the file, or the symbol counts as gone: a regular expression."""


KEEP = Decision(Action.KEEP)


@functools.lru_cache(maxsize=4096)
def public_name(qualified: str) -> tuple[str, bool] | None:
    """(name without `tensorflow.`, whether it is spelled as compat.v1's); None for what is not public."""
    if qualified in (COMPAT_V1, TENSORFLOW):
        return None
    if qualified.startswith(COMPAT_V1 + '.'):
        return qualified[len(COMPAT_V1) + 1 :], True
    name = qualified[len(TENSORFLOW) + 1 :]
    return None if name.split('.')[0] in _NOT_PUBLIC else (name, False)


@functools.lru_cache(maxsize=4096)
def stays(qualified: str) -> bool:
    """Whether a name needs neither an edit nor a word, however it is used and whatever TensorFlow it is to run on."""
    named = public_name(qualified)
    symbol = symbol_table.find_longest(named[0]) if named is not None else None
    if named is None or symbol is None or symbol.name.startswith('contrib.'):
        return False
    return symbol.kind not in ('gone', 'keras', 'keras2') if named[1] else symbol.kind == 'same'


def proves_tensorflow_1(use: Use) -> bool:
    """Whether the use alone shows that the file was written for TensorFlow 1."""
    named = public_name(use.qualified)
    if named is None or named[1]:
        return False
    symbol = symbol_table.find(named[0])
    if symbol is not None and symbol.kind == 'changed' and use.call is not None:
        return equal_calls.is_only_v1(use.call, symbol)
    return is_only_in_v1(use.qualified)


def is_only_in_v1(qualified: str) -> bool:
    """Whether a name, not spelled as compat.v1's, is one that only TensorFlow 1 has."""
    named = public_name(qualified)
    symbol = symbol_table.find_longest(named[0]) if named and not named[1] else None
    return symbol is not None and symbol.only_in_v1


def decide(use: Use, is_v1_file: bool, uses_compat_v1: bool, version: Version = NEWEST_TARGET) -> Decision:
    """What to do about a use; `is_v1_file` says that names with two meanings have the old one here.

    `version` is the TensorFlow that the code is to run on.
    """
    named = public_name(use.qualified)
    if named is None:
        return KEEP
    name, spelled_v1 = named
    home = contrib_homes.find(name, use.call)
    if home is not None:
        moved = home.symbol.in_version(version)
        return Decision(Action.RENAME, moved, moved.target, home.keywords, home.unless)
    symbol = symbol_table.find_longest(name)
    if symbol is None:
        return KEEP
    symbol = symbol.in_version(version)
    if symbol.kind == 'changed' and symbol.is_module and symbol.name != name:
        return KEEP  # a name that TensorFlow 1.15 did not have there, like tf.data.AUTOTUNE
    call = use.call if symbol.name == name else None
    if spelled_v1:
        if symbol.kind != 'gone' and symbol.name.startswith('contrib.'):
            return _renamed(symbol, symbol.target)  # compat.v1 has no contrib, whatever stood in there
        return Decision(Action.GONE if symbol.kind == 'gone' else Action.KEEP, symbol)
    if symbol.kind in ('changed', 'keras') and not is_v1_file:
        return _in_unknown_file(symbol, call if uses_compat_v1 else None)
    return decide_symbol(symbol, call, use.checks_type)


def decide_symbol(symbol: Symbol, call: ast.Call | None = None, checks_type: bool = False) -> Decision:
    """What to do about a symbol that has its TensorFlow 1 meaning."""
    if symbol.kind == 'gone':
        return Decision(Action.GONE, symbol)
    if call is not None and symbol.home and equal_calls.means_same(call, symbol):
        return _renamed(symbol, symbol.home)
    if symbol.kind == 'changed' and _keeps(symbol, call, checks_type):
        return Decision(Action.KEEP, symbol)
    return _renamed(symbol, symbol.target)


def _renamed(symbol: Symbol, target: str) -> Decision:
    return Decision(Action.KEEP if target == symbol.name else Action.RENAME, symbol, target)


def _keeps(symbol: Symbol, call: ast.Call | None, checks_type: bool) -> bool:
    """Whether the TensorFlow 2 name is right although nothing shows that it means the same."""
    if call is not None:
        return equal_calls.is_only_v2(call, symbol)
    return symbol.name == 'Variable' or (checks_type and symbol.name in TYPES_THAT_STAY)


def _in_unknown_file(symbol: Symbol, call: ast.Call | None) -> Decision:
    if call is None or symbol.kind != 'changed' or not symbol.home:
        return KEEP
    if equal_calls.means_same(call, symbol) or not equal_calls.reads_differently(call, symbol):
        return KEEP
    return Decision(Action.AMBIGUOUS, symbol, symbol.target)

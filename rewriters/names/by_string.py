"""Finds TensorFlow's names that strings spell: `getattr(tf, 'Session')`, `import_module('tensorflow.contrib')`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from rewriters.names.decide import is_only_in_v1
from rewriters.names.places import Edit, Locator
from rewriters.symbols import Symbols, dotted_name

_STRING = re.compile(r"""(["'])(tensorflow(?:\.[A-Za-z_]\w*)+)\1""")


class Lookup(NamedTuple):
    """`getattr(module, name)`, where the module is of TensorFlow."""

    call: ast.Call
    module: str
    name: str | None
    """The literal; None where the name is computed."""


def find_lookups(symbols: Symbols) -> Iterator[Lookup]:
    """Every `getattr` on something of TensorFlow."""
    if 'getattr' not in symbols.walk.chains:
        return
    for chain in symbols.walk.chains['getattr']:
        call = chain.call
        if call is None or len(call.args) < 2:
            continue
        dotted = dotted_name(call.args[0])
        module = symbols.resolve_in(dotted, chain.scope) if dotted else None
        name = call.args[1].value if isinstance(call.args[1], ast.Constant) else None
        if module is not None and (name is None or isinstance(name, str)):
            yield Lookup(call, module, name)


def lookup_edits(lookup: Lookup, new: str, locator: Locator) -> list[Edit] | None:
    """Makes `getattr(tf, 'Session')` read `getattr(tf.compat.v1, 'Session')`; None where the text is not plain."""
    module, _, name = new.rpartition('.')
    start, end = locator.span(lookup.call.args[1])
    text = locator.source[start:end]
    if text[1:-1] != lookup.name or text[0] not in '\'"':
        return None
    base = lookup.call.args[0]
    base_start, base_end = locator.span(base)
    if locator.source[base_start:base_end] != dotted_name(base):
        return None
    return [Edit(base_start, base_end, module), Edit(start, end, f'{text[0]}{name}{text[-1]}')]


def named_in_strings(source: str) -> Iterator[tuple[int, str]]:
    """(offset, name) of every string that names what only TensorFlow 1 has, and nothing else."""
    # To look for each quote takes ten times as long.
    if "'tensorflow." not in source and '"tensorflow.' not in source:
        return
    for match in _STRING.finditer(source):
        if is_only_in_v1(match[2]):
            yield match.start(2), match[2]

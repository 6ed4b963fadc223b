"""Says of exports through a name that may or may not be TensorFlow why no reader looks at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rewriters.findings import Confidence, Finding
from rewriters.names.elsewhere import find_handed_on
from rewriters.names.places import Locator
from rewriters.names.uses import find_uses
from rewriters.outcome import ExportSummary
from rewriters.site_codes import LEFT_ALONE
from rewriters.symbols import Symbols, canonical

_READERS = {'saved_model.Builder': 'builder', 'saved_model.simple_save': 'simple_save'}
_UNCLEAR = 'which is bound more than once in this file, and may be something else than TensorFlow'
_ADVICE = 'Import TensorFlow in this file, under a name that nothing else has, then run again.'


def find_unread(text: str, symbols: Symbols) -> list[tuple[Finding, ExportSummary]]:
    """Such exports, in source order."""
    named = [(node, reader, why) for node, qualified, why in _hidden(symbols) for reader in _reader(qualified)]
    calls = {call.func: call for call in symbols.walk.calls} if named else {}
    locator = Locator(text)
    found = []
    for node, reader, why in named:
        if node in calls:
            place = locator.place(calls[node])
            name = ast.unparse(node).partition('.')[0]
            message = f'{reader} export left alone: it is called through `{name}`, {why}'
            finding = Finding(LEFT_ALONE, Confidence.MANUAL, place, message, _ADVICE)
            found.append((finding, ExportSummary(reader, place, '', (), None)))
    return sorted(found, key=lambda each: each[0].sort_key)


def _hidden(symbols: Symbols) -> Iterator[tuple[ast.Attribute, str, str]]:
    """Each use of what may be TensorFlow's, what it means if it is, and why that is not known."""
    for node, qualified in find_uses(symbols).unclear:
        yield node, qualified, _UNCLEAR
    for handed_on in find_handed_on(symbols):
        for node, qualified in handed_on.uses:
            yield node, qualified, f'which comes from {handed_on.source}'


def _reader(qualified: str) -> list[str]:
    reader = _READERS.get(canonical(qualified))
    return [reader] if reader is not None else []

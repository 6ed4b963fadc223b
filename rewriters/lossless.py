"""Gives back what libcst loses of a source: form feeds before a statement, blank lines behind an indented block."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_LINE = re.compile(r'[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+')


def restored(source: str, parsed: str, changed: str) -> str:
    """`changed` with the lines that `parsed` has otherwise than `source`, where it did not change them itself.

    `parsed` is what libcst makes of `source` without any change.
    """
    if parsed == source:
        return changed
    old, kept, new = (_LINE.findall(text) for text in (source, parsed, changed))
    same = SequenceMatcher(None, kept, new, autojunk=False).get_matching_blocks()
    lost = SequenceMatcher(None, old, kept, autojunk=False).get_opcodes()
    for tag, start, end, kept_start, kept_end in reversed(lost):
        for block in same if tag != 'equal' else ():
            if block.size and block.a <= kept_start and kept_end <= block.a + block.size:
                at = block.b - block.a
                new[kept_start + at : kept_end + at] = old[start:end]
                break
    return ''.join(new)

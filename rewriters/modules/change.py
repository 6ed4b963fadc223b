"""A finished rewrite of one export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from rewriters.outcome import Writer
from rewriters.refusal import Refusal


@dataclass(frozen=True)
class Change:
    """What replaces the code of one export, and definitions and imports for the module's top level.

    `replacements` gives the statements in place of a statement; for a body, its new statements. `hoisted` are put
    before the top-level statement that holds the replaced code. `review`, if not empty, is the assumption that a
    person must check. `after_imports` are statements that must run before anything else of the module.
    `support_modules` are modules of `rewriters.support` that the new code imports. `why` is what kept the export from
    the form before, where the writer that took it knows.
    """

    replacements: Mapping[cst.CSTNode, tuple[cst.BaseStatement, ...]]
    hoisted: tuple[cst.BaseStatement, ...]
    writer: Writer
    review: str = ''
    imports: tuple[str, ...] = ()
    after_imports: tuple[str, ...] = ()
    support_modules: tuple[str, ...] = ()
    why: Refusal | None = None

"""A finished rewrite of one region."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from rewriters.plan import Writer


@dataclass(frozen=True)
class Change:
    """What replaces one region: its statements, and definitions for the module's top level.

    `root` is the node that goes: a `with` statement, or a body whose statements are replaced. `hoisted` are put before
    the top-level statement that holds it. `review`, if not empty, is the assumption that a person must check.
    """

    root: cst.CSTNode
    statements: tuple[cst.BaseStatement, ...]
    hoisted: tuple[cst.BaseStatement, ...]
    writer: Writer
    review: str = ''

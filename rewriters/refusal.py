"""Why a reader or a writer leaves an export site alone: raised where it is found, shown as a `manual` finding."""

from __future__ import annotations

import libcst as cst

from rewriters.module_view import ModuleView


class Refusal(Exception):
    """The site is left as it stands. `node`, if given, is what stood in the way."""

    def __init__(self, reason: str, node: cst.CSTNode | None = None, advice: str = '') -> None:
        super().__init__(reason)
        self.reason = reason
        self.node = node
        self.advice = advice


def refusal_line(view: ModuleView, refusal: Refusal) -> str:
    """` (line 12)`, where what stood in the way has a place in the source."""
    known = refusal.node is not None and view.knows(refusal.node)
    return f' (line {view.line(refusal.node)})' if known and refusal.node is not None else ''

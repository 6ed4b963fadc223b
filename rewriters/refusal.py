"""Why a reader or a writer leaves an export site alone: raised where it is found, shown as a `manual` finding."""

from __future__ import annotations

import libcst as cst


class Refusal(Exception):
    """The site is left as it stands. `node`, if given, is what stood in the way."""

    def __init__(self, reason: str, node: cst.CSTNode | None = None, advice: str = '') -> None:
        super().__init__(reason)
        self.reason = reason
        self.node = node
        self.advice = advice

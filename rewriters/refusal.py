"""Why a reader or a writer leaves an export site alone: raised where it is found, shown as a `manual` finding."""

from __future__ import annotations

import libcst as cst

from rewriters.findings import Place
from rewriters.module_view import ModuleView


class Refusal(Exception):
    """The site is left as it stands. `node`, if given, is what stood in the way.

    `before`, if given, is another reason, for which the form before the refused one was not taken. `wider`, if given,
    is why a graph function of the whole graph could not be taken either.
    """

    wider: Refusal | None = None

    def __init__(
        self, reason: str, node: cst.CSTNode | None = None, advice: str = '', before: Refusal | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.node = node
        self.advice = advice
        self.before = before


class UnfedPlaceholder(Refusal):
    """An output can't be computed from the inputs of its signature: nobody feeds one of the placeholders."""

    def __init__(self, name: str, node: cst.CSTNode) -> None:
        super().__init__(f'an output depends on the placeholder `{name}`, which is no input of its signature', node)


def refusal_line(view: ModuleView, refusal: Refusal) -> str:
    """` (line 12)`, where what stood in the way has a place in the source."""
    place = refusal_place(view, refusal)
    return f' (line {place.line})' if place is not None else ''


def refusal_place(view: ModuleView, refusal: Refusal) -> Place | None:
    """Where what stood in the way stands in the file as it was given."""
    known = refusal.node is not None and view.holds(refusal.node)
    return view.origin(refusal.node) if known and refusal.node is not None else None

"""Readers: what each export site of a module serves. They know nothing of how code gets written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.exports import builder, simple_save
from rewriters.exports.common import handed_on
from rewriters.findings import Place
from rewriters.module_view import ModuleView
from rewriters.plan import ExportPlan
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import code


@dataclass(frozen=True)
class Reading:
    """One export site: its plan and the region it stands in, or why it could not be read.

    `call` is the call that tells it; None where the API is only handed on.
    """

    reader: str
    call: cst.Call | None
    place: Place
    plan: ExportPlan | None
    region: Region | None
    refusal: Refusal | None = None


def read_exports(view: ModuleView, regions: Sequence[Region]) -> list[Reading]:
    """Every session-style export site of the module, in source order."""
    readings: list[Reading] = []
    for reader in (builder, simple_save):
        for call in reader.find(view):
            try:
                plan, region = reader.read(view, regions, call)
                readings.append(Reading(reader.NAME, call, view.place(call), plan, region))
            except Refusal as refusal:
                readings.append(Reading(reader.NAME, call, view.place(call), None, None, refusal))
        for node in handed_on(view, reader.SYMBOL):
            why = Refusal(f'`{code(node)}` is handed on, and called somewhere else', node)
            readings.append(Reading(reader.NAME, None, view.place(node), None, None, why))
    return sorted(readings, key=lambda reading: reading.place)

"""Readers: what each export site of a module serves. They know nothing of how code gets written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.exports import builder, simple_save
from rewriters.findings import Place
from rewriters.module_view import ModuleView
from rewriters.plan import ExportPlan
from rewriters.refusal import Refusal
from rewriters.region import Region


@dataclass(frozen=True)
class Reading:
    """One export site: the call that tells it, its plan and the region it stands in, or why it could not be read."""

    reader: str
    call: cst.Call
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
    return sorted(readings, key=lambda reading: reading.place)

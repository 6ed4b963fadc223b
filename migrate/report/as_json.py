"""The report as JSON, for programs: the result model as it is, with the counts of its summary."""

from __future__ import annotations

import enum
import json
import math
from dataclasses import fields, is_dataclass
from typing import Any

from migrate.report.model import Report
from migrate.report.summary import summarise

SCHEMA_VERSION = 1
"""Counts up when a field goes or changes its meaning; new fields alone don't change it."""


def render_json(report: Report) -> str:
    """One JSON object. The keys stand in the order of the model's fields, so that two reports can be compared as text.

    Numbers that JSON does not have (a difference can be infinite, or no number) become the strings `NaN`, `Infinity`
    and `-Infinity`. The text is ASCII: a source may hold what no encoding takes.
    """
    content = {
        'schema_version': SCHEMA_VERSION,
        'tool_version': report.tool_version,
        'created': report.created,
        'summary': plain(summarise(report.projects, report.conversions)),
        'projects': plain(report.projects),
        'conversions': plain(report.conversions),
    }
    return json.dumps(content, indent=2, allow_nan=False) + '\n'


def plain(value: Any) -> Any:
    """`value`, dataclasses and enumerations in it included, as what JSON has."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'
    return value

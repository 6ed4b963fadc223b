"""Results as what JSON has, the same in everything that this tool writes as JSON."""

from __future__ import annotations

import enum
import math
from dataclasses import fields, is_dataclass
from typing import Any

SCHEMA_VERSION = 1
"""Counts up when a field goes or changes its meaning; new fields alone don't change it."""


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

"""Adds to what the old graph tells of an input the values at which only the new one changes its ways.

What a rewrite brings in by mistake, as a limit, a word in a table or a feature that is parsed, stands in the new graph
alone: inputs made up from the old one would pass by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from migrate.verify.domains import Domain
from migrate.verify.examples import Feature

_MOST_ROWS = 20


def widened(old: Domain, new: Domain) -> Domain:
    """What an input may be, and all at which one of the models changes its ways. What it must be says the old one."""
    return replace(
        old,
        landmarks=tuple(dict.fromkeys([*old.landmarks, *new.landmarks])),
        large=tuple(dict.fromkeys([*old.large, *new.large])),
        deserves_small=old.deserves_small or new.deserves_small,
        foreign=_foreign(old, new),
        aimed=tuple(dict.fromkeys([*old.aimed, *_rows_that_differ(old.embedding, new.embedding)])),
    )


def widened_features(old: Sequence[Feature], new: Sequence[Feature]) -> tuple[Feature, ...]:
    """The features of both. One that only the new model reads is in some messages: the old one reads past it."""
    others = {feature.key: feature for feature in new}
    known = {feature.key for feature in old}
    both = (_widened_feature(feature, others[feature.key]) if feature.key in others else feature for feature in old)
    return (*both, *(replace(feature, may_be_missing=True) for feature in new if feature.key not in known))


def _widened_feature(old: Feature, new: Feature) -> Feature:
    if old.dtype != new.dtype:
        return old
    return replace(old, domain=widened(old.domain, new.domain), nested=widened_features(old.nested, new.nested))


def _foreign(old: Domain, new: Domain) -> tuple[bytes | int, ...]:
    """Keys that only the table of the new model has."""
    if not old.takes_unknown or isinstance(old.known, range) or isinstance(new.known, range):
        return ()
    known = set(old.known)
    return tuple(key for key in new.known if key not in known) if known else ()


def _rows_that_differ(old: Any, new: Any) -> list[int]:
    """The first rows in which an embedding differs that is a constant in both graphs, as in a frozen one."""
    if old is None or new is None or old.shape != new.shape or old.dtype != new.dtype:
        return []
    differ = (old != new).reshape(len(old), -1).any(axis=1)
    return [int(row) for row in np.flatnonzero(differ)[:_MOST_ROWS]]

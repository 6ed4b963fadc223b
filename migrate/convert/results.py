"""What a conversion comes to: plain data, made by `convert`, shown by the command line, stored in a manifest."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.verify.results import Verdict, Verification, worst_of

FINE = (Verdict.IDENTICAL, Verdict.EQUAL)


@dataclass(frozen=True)
class TagSet:
    """One meta graph of the old model, which is a model of its own now."""

    tags: tuple[str, ...]
    folder: str
    """Where in the new model it stands: empty for the first, which is the new model itself."""
    verification: Verification
    notes: tuple[str, ...] = ()
    """What a person should know of it and no comparison shows."""


@dataclass(frozen=True)
class Conversion:
    """One model: what became of it. Either `refusal` says why it could not be converted, or `tag_sets` how it went."""

    old: str
    new: str
    verdict: Verdict
    """The worst of its tag sets; an error where there is nothing to compare."""
    placed: bool
    """Whether the new model is in its place: only what is proven is, or what the user forces."""
    tag_sets: tuple[TagSet, ...] = ()
    refusal: str = ''
    advice: str = ''
    notes: tuple[str, ...] = ()


def converted(old: str, new: str, tag_sets: tuple[TagSet, ...], notes: tuple[str, ...]) -> Conversion:
    """A model that is written and compared, and not yet in its place."""
    return Conversion(old, new, worst_of(each.verification.verdict for each in tag_sets), False, tag_sets, notes=notes)


def refused(old: str, new: str, refusal: str, advice: str) -> Conversion:
    return Conversion(old, new, Verdict.ERROR, False, refusal=refusal, advice=advice)

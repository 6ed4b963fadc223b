"""How the report says things to a person, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.convert.results import FINE, Conversion
from migrate.report.summary import FAILED, KEPT, NOT_PROVEN, OPEN, STALE, Summary
from migrate.report.text import counted
from migrate.verify.results import OutputResult, SignatureResult, Verdict
from rewriters import Confidence

STATE_MEANINGS = {
    Verdict.IDENTICAL.value: 'The new model returned the same as the old one, bit for bit.',
    Verdict.EQUAL.value: 'The new model returned the same as the old one, within tolerance.',
    Verdict.DIFFERENT.value: 'Some output differs by more than the tolerance.',
    Verdict.INCOMPATIBLE.value: 'A client of the old model may fail with the new one.',
    Verdict.INCONCLUSIVE.value: 'Nothing was proven; the message says why.',
    Verdict.ERROR.value: 'A side could not be read or run.',
    STALE: 'Sources or a model changed since the proof; it has to be run again.',
    NOT_PROVEN: 'No proof was run.',
}

CONFIDENCE_MEANINGS = {
    Confidence.EQUIVALENT.value: 'Rewritten; the meaning is kept by construction.',
    Confidence.REVIEW.value: 'Rewritten on an assumption that a person must check.',
    Confidence.MANUAL.value: 'Left alone; a person has to do it.',
}

_SERVING = 'tensorflow/serving/'


def headline(summary: Summary) -> str:
    """The whole report in two or three sentences, bad news included."""
    converted = sum(summary.conversions.values())
    if not summary.projects and not converted:
        return 'There was nothing to report on: no project was found.'
    sentences = [*_proven(summary)] if summary.projects else []
    if converted:
        kept = sum(summary.conversions[state] for state in KEPT)
        sentences.append(f'{kept:,} of {counted(converted, "model")} converted, and proven to serve the same.')
    return ' '.join([*sentences, *([_to_do(summary)] if summary.projects else [])])


def _proven(summary: Summary) -> Iterator[str]:
    kept, failed, unknown = (sum(summary.proofs[state] for state in states) for states in (KEPT, FAILED, OPEN))
    yield f'{kept:,} of {counted(summary.projects, "project")} proven to serve what the old export served.'
    rest = []
    if failed:
        rest.append(f'{failed:,} failed the proof')
    if unknown:
        rest.append(f'{unknown:,} without a valid proof')
    if rest:
        yield ' and '.join(rest) + '.'


def _to_do(summary: Summary) -> str:
    parts = []
    if manual := summary.findings[Confidence.MANUAL.value]:
        parts.append(f'{counted(manual, "place")} to change by hand')
    if review := summary.findings[Confidence.REVIEW.value]:
        parts.append(f'{counted(review, "assumption")} to check')
    if summary.files_failed:
        parts.append(f'{counted(summary.files_failed, "file")} that could not be read or rewritten')
    if not parts:
        return 'No finding asks for a person.'
    return 'For a person: ' + ', '.join(parts) + '.'


def moment(created: str) -> str:
    """The time of a report as a person writes it: `2025-01-31 09:30 UTC`."""
    return created.removesuffix('Z').removesuffix('+00:00').replace('T', ' ', 1) + ' UTC'


def in_place(conversion: Conversion) -> str:
    """Whether the new model is in its place, and if that is against the proof."""
    if not conversion.placed:
        return 'no'
    return 'yes' if conversion.verdict in FINE else 'by --force'


def reasons(conversion: Conversion) -> Iterator[str]:
    """Why a conversion ended as it did."""
    if conversion.refusal:
        yield conversion.refusal
    for tag_set in conversion.tag_sets:
        message = tag_set.verification.message
        yield f'{{{", ".join(tag_set.tags)}}}: {message}' if len(conversion.tag_sets) > 1 else message


def conversion_notes(conversion: Conversion) -> tuple[str, ...]:
    """What a person should know of a conversion and no comparison shows."""
    return *conversion.notes, *(note for tag_set in conversion.tag_sets for note in tag_set.notes)


def method_name(name: str) -> str:
    """A signature's method name without the prefix that all usual ones share."""
    return name.removeprefix(_SERVING) or '(none)'


def method_names(signature: SignatureResult) -> str:
    """The method name, or the old and the new one where they differ."""
    old, new = method_name(signature.old_method_name), method_name(signature.new_method_name)
    return old if old == new else f'{old} → {new}'


def difference(output: OutputResult) -> str:
    """The largest difference of an output against the largest value in it; empty where there are no numbers."""
    if output.max_abs_difference is None:
        return ''
    if output.max_magnitude is None or output.max_abs_difference == 0:
        return f'{output.max_abs_difference:.3g}'
    return f'{output.max_abs_difference:.3g} of {output.max_magnitude:.3g}'


def worst_output(signature: SignatureResult) -> OutputResult | None:
    """The output that differs most, measured against its own largest value; None where no output has numbers."""
    return max((o for o in signature.outputs if o.max_abs_difference is not None), key=_share, default=None)


def _share(output: OutputResult) -> tuple[bool, float]:
    share = (output.max_abs_difference or 0.0) / (output.max_magnitude or 1.0)
    return share != share, share  # NaN, which compares with nothing, counts as the most


def largest_difference(signature: SignatureResult) -> str:
    """The largest difference of a signature, and in which output if it has several."""
    output = worst_output(signature)
    if output is None:
        return ''
    several = len(signature.outputs) > 1 and output.max_abs_difference != 0
    return difference(output) + (f' in {output.name}' if several else '')


def worst_element(output: OutputResult) -> str:
    """Where an output differs most, and what stands there on both sides."""
    if output.worst is None:
        return ''
    index = ''.join(f'[{i}]' for i in output.worst.index)
    where = f'{output.worst.case}, {index}' if index else output.worst.case
    return f'{where}: {output.worst.old} → {output.worst.new}'

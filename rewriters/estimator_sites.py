"""Rewrites the Estimator exports of one module, and reports every export call that it can't rewrite."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.decisions import passed_over
from rewriters.exports import estimator as reader
from rewriters.findings import Confidence, Finding
from rewriters.module_view import ModuleView
from rewriters.modules import estimator as writer
from rewriters.modules.change import Change
from rewriters.plan import EstimatorPlan, ExportSummary
from rewriters.refusal import Refusal, refusal_line
from rewriters.region import Region
from rewriters.site_codes import ESTIMATOR, ESTIMATOR_LEFT_ALONE
from rewriters.syntax import assigned_name, assigned_value, code, find_all

_ADVICE = (
    'Export the model once more with the TensorFlow that the code was written for, and keep serving it, or derive a '
    'tf.Module from the model_fn by hand.'
)
_CONVERT = (
    'Export the model once more with the TensorFlow that the code was written for, and convert what it exported with '
    '`savedmodel-migrate convert`: there is no model_fn here to derive new code from.'
)
_BY_CALLING = 'calling the model_fn may create variables out of sight'
_OWN_SESSIONS = 'an Estimator opens and closes its sessions itself'
# What an Estimator is made by, other than from a model_fn of the file, by the beginning of its symbol.
_MADE_BY = {
    'contrib.learn.': 'it is one of tf.contrib.learn',
    'contrib.tpu.': 'it is a TPUEstimator',
    'estimator.tpu.': 'it is a TPUEstimator',
    'keras.estimator.model_to_estimator': 'it is made from a Keras model',
    'estimator.': 'its model_fn is inside of TensorFlow, not in this file',
    'contrib.': 'its model_fn is inside of TensorFlow, not in this file',
}


def rewrite_estimators(
    view: ModuleView, regions: Sequence[Region], changes: list[Change], blocked: Refusal | None = None
) -> list[tuple[ExportSummary, Finding]]:
    """Adds a change for each Estimator whose export can be rewritten; every export call gets a finding.

    `blocked`, if given, keeps all of them from being rewritten.
    """
    results: list[tuple[ExportSummary, Finding]] = []
    settled: set[cst.Call] = set()
    refusals: dict[str, Refusal] = {}
    modules: dict[str, str] = {}
    for call in reader.find(view):
        try:
            if blocked is not None:
                raise blocked
            plan = reader.read(view, call)
            taken = {node for change in changes for node in change.replacements}
            written = writer.write(view, regions, plan, modules, taken)
        except Refusal as refusal:
            made = reader.creation(view, call)
            refusals[(assigned_name(made) if made is not None else None) or ''] = refusal
            continue
        changes.append(written.change)
        modules.update(written.modules)
        settled.add(plan.export.call)
        results.append((_summary(view, plan, written), _finding(plan, written)))
    for call in reader.export_calls(view):
        if call not in settled:
            reason = refusals.get(reader.owner(call)) or _why_unknown(view, call, refusals)
            results.append(_left_alone(view, call, reason))
    return sorted(results, key=lambda result: result[1].sort_key)


def leave_estimators(view: ModuleView, refusal: Refusal) -> list[tuple[ExportSummary, Finding]]:
    """A finding for every export call of an Estimator, none of which is rewritten, for one reason."""
    return [_left_alone(view, call, refusal) for call in reader.export_calls(view)]


def _summary(view: ModuleView, plan: EstimatorPlan, written: writer.Written) -> ExportSummary:
    return ExportSummary(
        reader=reader.NAME,
        place=plan.place,
        directory=code(plan.export.arguments['export_dir_base']),
        signatures=tuple((output.key, output.kind.value) for output in written.served.outputs),
        writer=written.change.writer.value,
        passed_over=passed_over(view, written.change.writer, Refusal(_BY_CALLING, plan.model_fn)),
    )


def _finding(plan: EstimatorPlan, written: writer.Written) -> Finding:
    message = f'estimator export becomes a graph function: `{plan.model_fn.name.value}`, evaluated for PREDICT'
    return Finding(ESTIMATOR, Confidence.REVIEW, plan.place, message, written.change.review)


def _why_unknown(view: ModuleView, call: cst.Call, refusals: dict[str, Refusal]) -> Refusal:
    """Why an export call's Estimator is not among those that are made from a model_fn and bound to a name."""
    name = reader.owner(call)
    made = [assigned_value(s) for s in find_all(view.module, cst.SimpleStatementLine) if assigned_name(s) == name]
    symbols = {view.called(value) or '' for value in made} if name else set()
    for symbol in symbols - {'estimator.Estimator'}:
        for start, reason in _MADE_BY.items():
            if symbol.startswith(start):
                return Refusal(f'{reason} (`tf.{symbol}`)', advice=_CONVERT)
    if len(refusals) == 1:
        return next(iter(refusals.values()))
    exported = f'`{name}` is' if name else 'is exported'
    return Refusal(f'what {exported} can\'t be told from this file', call)


def _left_alone(view: ModuleView, call: cst.Call, refusal: Refusal) -> tuple[ExportSummary, Finding]:
    message = f'estimator export left alone: {refusal.reason}{refusal_line(view, refusal)}'
    place = view.place(call)
    over = passed_over(view, None, refusal, Refusal(_OWN_SESSIONS, call))
    summary = ExportSummary(reader.NAME, place, directory='', signatures=(), writer=None, passed_over=over)
    return summary, Finding(ESTIMATOR_LEFT_ALONE, Confidence.MANUAL, place, message, refusal.advice or _ADVICE)

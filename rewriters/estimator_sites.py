"""Rewrites the Estimator exports of one module, and reports every export call that it can't rewrite."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.exports import estimator as reader
from rewriters.findings import Confidence, Finding, explain
from rewriters.module_view import ModuleView
from rewriters.modules import estimator as writer
from rewriters.modules.change import Change
from rewriters.modules.model_fn import derive_predict
from rewriters.plan import EstimatorPlan, ExportSummary
from rewriters.refusal import Refusal, refusal_line
from rewriters.region import Region
from rewriters.syntax import code

ESTIMATOR = explain(
    'EST101',
    'Estimator export rewritten',
    """The model_fn was evaluated for PREDICT and, where it is trained here, for TRAIN: branches on the mode are decided
    and what serves nothing is dropped. tf.compat.v1.wrap_function builds the served graph once, its variables are read
    from the newest checkpoint by name, and the export goes to a folder named after the time, as before. Training runs
    in a MonitoredTrainingSession.""",
)
ESTIMATOR_LEFT_ALONE = explain(
    'EST901',
    'Estimator export left alone',
    """TensorFlow 2.16 and later have no Estimator, and this export can't be derived from the source without guessing;
    the message says what stands in the way. The way that always works is the model itself: export it once more with
    the old TensorFlow and keep serving it.""",
)

_ADVICE = (
    'Export the model once more with the TensorFlow that the code was written for, and keep serving it, or derive a '
    'tf.Module from the model_fn by hand.'
)


def rewrite_estimators(
    view: ModuleView, regions: Sequence[Region], changes: list[Change], blocked: Refusal | None = None
) -> list[tuple[ExportSummary, Finding]]:
    """Adds a change for each Estimator whose export can be rewritten; every export call gets a finding.

    `blocked`, if given, keeps all of them from being rewritten.
    """
    results: list[tuple[ExportSummary, Finding]] = []
    settled: set[cst.Call] = set()
    refusals: dict[str, Refusal] = {}
    for call in reader.find(view):
        try:
            if blocked is not None:
                raise blocked
            plan = reader.read(view, regions, call)
            change = writer.write(view, plan)
        except Refusal as refusal:
            refusals[reader.bound_name(view, call) or ''] = refusal
            continue
        changes.append(change)
        settled.add(plan.export.call)
        results.append((_summary(view, plan, change), _finding(plan, change)))
    for call in reader.export_calls(view):
        if call not in settled:
            results.append(_left_alone(view, call, refusals))
    return sorted(results, key=lambda result: result[1].sort_key)


def _summary(view: ModuleView, plan: EstimatorPlan, change: Change) -> ExportSummary:
    _, served = derive_predict(view, plan)
    return ExportSummary(
        reader=reader.NAME,
        place=plan.place,
        directory=code(plan.export.arguments['export_dir_base']),
        signatures=tuple((output.key, output.kind.value) for output in served),
        writer=change.writer.value,
    )


def _finding(plan: EstimatorPlan, change: Change) -> Finding:
    message = f'estimator export rewritten: `{plan.model_fn.name.value}` was evaluated for PREDICT'
    return Finding(ESTIMATOR, Confidence.REVIEW, plan.place, message, change.review)


def _left_alone(
    view: ModuleView, call: cst.Call, refusals: dict[str, Refusal]
) -> tuple[ExportSummary, Finding]:
    """The finding for an export call, with the reason that its own Estimator gave, if it is known."""
    owner = reader.owner(call)
    refusal = refusals.get(owner) or (next(iter(refusals.values())) if len(refusals) == 1 and not owner else None)
    if refusal is None:
        refusal = Refusal('no Estimator made from a model_fn of this file is exported here')
    message = f'estimator export left alone: {refusal.reason}{refusal_line(view, refusal)}'
    place = view.place(call)
    summary = ExportSummary(reader=reader.NAME, place=place, directory='', signatures=(), writer=None)
    return summary, Finding(ESTIMATOR_LEFT_ALONE, Confidence.MANUAL, place, message, refusal.advice or _ADVICE)

"""Rewrites the Estimator exports of one module whose Estimator is made in it from a model_fn."""

from __future__ import annotations

from collections.abc import Sequence

from rewriters.decisions import passed_over
from rewriters.estimator_exports import NAME, EstimatorExports, Why
from rewriters.exports import estimator as reader
from rewriters.findings import Confidence, Finding
from rewriters.module_view import ModuleView
from rewriters.modules import estimator as writer
from rewriters.modules.change import Change
from rewriters.outcome import ExportSummary, Writer
from rewriters.plan import EstimatorPlan
from rewriters.refusal import Refusal, refusal_place
from rewriters.region import Region
from rewriters.site_codes import ESTIMATOR
from rewriters.symbols import dotted_name as ast_dotted_name
from rewriters.syntax import assigned_name, code, dotted_name

_BY_CALLING = 'calling the model_fn may create variables out of sight'


def rewrite_estimators(
    view: ModuleView,
    regions: Sequence[Region],
    changes: list[Change],
    exports: EstimatorExports,
    blocked: Why | None = None,
    canned: str = '',
) -> list[tuple[ExportSummary, Finding]]:
    """Adds a change for each Estimator whose export can be rewritten; every one of `exports` gets a finding.

    `blocked`, if given, keeps all of them from being rewritten. `canned` is what makes the Estimators that other files
    of the project hand to this one, if none of these is made from a model_fn.
    """
    results: list[tuple[ExportSummary, Finding]] = []
    settled: set[tuple[int, str]] = set()
    refusals: dict[str, Why] = {}
    modules: dict[str, str] = {}
    if blocked is not None or not exports.calls:
        return exports.all_left_alone(blocked, canned)
    for call in reader.find(view):
        try:
            plan = reader.read(view, call)
            taken = {node for change in changes for node in change.replacements}
            written = writer.write(view, regions, plan, modules, taken)
        except Refusal as refusal:
            made = reader.creation(view, call)
            refusals[(assigned_name(made) if made is not None else None) or ''] = _why(view, refusal)
            continue
        changes.append(written.change)
        modules.update(written.modules)
        settled.add((plan.place.line, dotted_name(plan.export.call.func) or ''))
        results.append((_summary(view, plan, written), _finding(plan, written)))
    left = [call for call in exports.calls if (call.lineno, ast_dotted_name(call.func)) not in settled]
    results += [exports.left_alone(call, refusals, canned) for call in left]
    return sorted(results, key=lambda result: result[1].sort_key)


def _why(view: ModuleView, refusal: Refusal) -> Why:
    before = passed_over(view, Writer.SESSION, refusal)
    return Why(refusal.reason, refusal_place(view, refusal), refusal.advice, before=before)


def _summary(view: ModuleView, plan: EstimatorPlan, written: writer.Written) -> ExportSummary:
    return ExportSummary(
        reader=NAME,
        place=plan.place,
        directory=code(plan.export.arguments['export_dir_base']),
        signatures=tuple((output.key, output.kind.value) for output in written.served.outputs),
        writer=written.change.writer.value,
        passed_over=passed_over(view, written.change.writer, Refusal(_BY_CALLING, plan.model_fn)),
    )


def _finding(plan: EstimatorPlan, written: writer.Written) -> Finding:
    message = f'estimator export becomes a graph function: `{plan.model_fn.name.value}`, evaluated for PREDICT'
    return Finding(ESTIMATOR, Confidence.REVIEW, plan.place, message, written.change.review)

"""Rewrites the Estimator exports of one module, and reports every export call that it can't rewrite."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from rewriters.canned_estimators import CANNED, kind_of, way_out
from rewriters.decisions import passed_over
from rewriters.exports import estimator as reader
from rewriters.findings import Confidence, Finding
from rewriters.kept_estimators.names import FROM_KERAS, makes_canned, makes_kept
from rewriters.kept_estimators.obstacle import ADVICE
from rewriters.module_view import ModuleView
from rewriters.modules import estimator as writer
from rewriters.modules.change import Change
from rewriters.outcome import ExportSummary
from rewriters.plan import EstimatorPlan
from rewriters.refusal import Refusal, refusal_line
from rewriters.region import Region
from rewriters.site_codes import ESTIMATOR, ESTIMATOR_LEFT_ALONE
from rewriters.site_hints import STRATEGIES
from rewriters.syntax import assigned_name, assigned_value, code, one_line, string_value

_BY_CALLING = 'calling the model_fn may create variables out of sight'
_OWN_SESSIONS = 'an Estimator opens and closes its sessions itself'
# What an Estimator is made by, other than from a model_fn of the file, by the beginning of its symbol.
_MADE_BY = {
    'contrib.tpu.': 'it is a TPUEstimator',
    'estimator.tpu.': 'it is a TPUEstimator',
    FROM_KERAS: 'it is made from a Keras model',
}


def rewrite_estimators(
    view: ModuleView,
    regions: Sequence[Region],
    changes: list[Change],
    blocked: Refusal | None = None,
    canned: str = '',
) -> list[tuple[ExportSummary, Finding]]:
    """Adds a change for each Estimator whose export can be rewritten; every export call gets a finding.

    `blocked`, if given, keeps all of them from being rewritten. `canned` is what makes the Estimators that other files
    of the project hand to this one, if none of these is made from a model_fn.
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
            reason = refusals.get(reader.owner(call)) or _why_unknown(view, call, refusals, canned)
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


def _why_unknown(view: ModuleView, call: cst.Call, refusals: dict[str, Refusal], canned: str) -> Refusal:
    """Why an export call's Estimator is not among those that are made from a model_fn and bound to a name."""
    is_exporter = view.called(call) in reader.EXPORTERS
    name = '' if is_exporter else reader.owner(call)
    made = _makers(view, None if is_exporter else name)
    if is_exporter and refusals:
        made = []  # it may be for one of those that have a model_fn
    for symbol in made or ([canned] if canned and not refusals else []):
        reason = next((reason for start, reason in _MADE_BY.items() if symbol.startswith(start)), kind_of(symbol))
        advice = way_out(symbol, *_exported_folder(view, call, is_exporter)) if makes_canned(symbol) else ''
        return Refusal(f'{reason} (`tf.{symbol}`)', advice=advice)
    if len(refusals) == 1:
        return next(iter(refusals.values()))
    star = _star_import(view)
    if star is not None and not view.symbols.imports:
        return Refusal(
            f'TensorFlow comes into this file by `{ast.unparse(star)}`, if at all: import it by its name', call
        )
    if is_exporter:
        return Refusal("which Estimator is exported by it can't be told from this file", call)
    exported = f'`{name}` is' if name else 'is exported'
    return Refusal(f"what {exported} can't be told from this file", call)


def _star_import(view: ModuleView) -> ast.ImportFrom | None:
    """`from model import *`, where `model` is not TensorFlow."""
    imports = [node for node in view.symbols.walk.imports if isinstance(node, ast.ImportFrom)]
    return next((node for node in imports if node.names[0].name == '*'), None)


def _makers(view: ModuleView, name: str | None) -> list[str]:
    """What makes the Estimators bound to a name, or any of the file, by their symbols; not what the reader reads."""
    if name is None:
        made: list[cst.CSTNode | None] = list(view.calls)
    else:
        lines = view.find_all(cst.SimpleStatementLine) if name else []
        made = [assigned_value(line) for line in lines if assigned_name(line) == name]
    symbols = {view.called(call) or '' for call in made}
    return sorted(s for s in symbols if makes_canned(s) or (makes_kept(s) and s != reader.ESTIMATOR))


def _exported_folder(view: ModuleView, call: cst.Call, is_exporter: bool) -> tuple[str, str]:
    """The folder that the old export writes, and what its words stand for that are not spelled out."""
    given = _argument(call, 'name' if is_exporter else 'export_dir_base')
    if given is None and call.args and call.args[0].keyword is None:
        given = call.args[0].value
    if view.called(call) in STRATEGIES:
        given = cst.SimpleString(repr(reader.NAME_OF_STRATEGIES))
    text = string_value(given) if given is not None else None
    word = 'NAME' if is_exporter else 'EXPORT_DIR'
    meant = {} if text is not None or given is None else {word: given}
    makers = [made for made in view.calls if is_exporter and makes_canned(view.called(made) or '')]
    model_dirs = [folder for made in makers for folder in [_argument(made, 'model_dir')] if folder is not None]
    if len(model_dirs) == 1:
        meant['MODEL_DIR'] = model_dirs[0]
    where = ' and '.join(f'{word} is `{one_line(node)}`' for word, node in meant.items())
    spelled = (text or word).rstrip('/')
    return f'MODEL_DIR/export/{spelled}/TIMESTAMP' if is_exporter else f'{spelled}/TIMESTAMP', where


def _argument(call: cst.Call, keyword: str) -> cst.BaseExpression | None:
    values = (argument.value for argument in call.args if argument.keyword and argument.keyword.value == keyword)
    return next(values, None)


def _left_alone(view: ModuleView, call: cst.Call, refusal: Refusal) -> tuple[ExportSummary, Finding]:
    message = f'estimator export left alone: {refusal.reason}{refusal_line(view, refusal)}'
    place = view.place(call)
    over = passed_over(view, None, refusal, Refusal(_OWN_SESSIONS, call))
    summary = ExportSummary(reader.NAME, place, directory='', signatures=(), writer=None, passed_over=over)
    kind = CANNED if refusal.advice else ESTIMATOR_LEFT_ALONE
    return summary, Finding(kind, Confidence.MANUAL, place, message, refusal.advice or ADVICE)

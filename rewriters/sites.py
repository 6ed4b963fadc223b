"""Rewrites the export sites of one module: reads each, lets the writers try in order, and puts the changes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from rewriters.apply import apply_changes
from rewriters.changed_text import changed_text
from rewriters.decisions import passed_over
from rewriters.estimator_exports import SWITCHED, EstimatorExports, Why, why_all_stay
from rewriters.estimator_sites import rewrite_estimators
from rewriters.exports import Reading, read_exports
from rewriters.findings import Confidence, Finding
from rewriters.loads.sites import rewrite_loads
from rewriters.module_view import ModuleView
from rewriters.modules import imported_graph, tf_function, whole_graph
from rewriters.modules.change import Change
from rewriters.options import FORMS, SESSION_MODULE, EstimatorUse
from rewriters.origins import Origins
from rewriters.outcome import ALLOW, ExportSummary, Writer, not_allowed
from rewriters.plan import ExportPlan
from rewriters.refusal import Refusal, refusal_line
from rewriters.region import Region, find_regions
from rewriters.session_sites import kept_session_finding, needs_switch, rewrite_with_session, switch
from rewriters.site_codes import LEFT_ALONE, REWRITTEN, WRAPPED
from rewriters.site_result import SiteResult
from rewriters.symbols import Symbols
from rewriters.syntax import code


def rewrite_sites(
    text: str,
    symbols: Symbols,
    origins: Origins | None = None,
    estimators: EstimatorUse | None = None,
    session_module: str = SESSION_MODULE,
    forms: tuple[str, ...] = FORMS,
) -> SiteResult:
    """Rewrites every export site of a module that can be rewritten.

    `origins` tell where a place stood before names were edited: lines that are told to a person are counted there.
    `session_module` is by what name the project imports the support module of sessions; `forms` are those that exports
    may take.
    """
    view = ModuleView(text, symbols, origins, session_module)
    regions = find_regions(view)
    readings = read_exports(view, regions)
    sites = [_rewrite(view, reading, _others(readings, reading), forms) for reading in readings]
    switches = switch(view) if _must_switch(view, text, sites) else None
    if switches is not None:
        sites = [_keep_session(view, site.reading, _GRAPH_MODE, forms) if _is_eager(site) else site for site in sites]
    changes = [site.change for site in sites if site.change is not None]
    results = [(_decided(view, site), _finding(view, site, switches is not None)) for site in sites]
    if switches is not None:
        changes.append(switches)
    exports = EstimatorExports(text, view.symbols, origins)
    stay = Why(_GRAPH_MODE.reason) if switches is not None else why_all_stay(exports, estimators, forms)
    canned = estimators.canned if estimators is not None else ''
    results += rewrite_estimators(view, regions, changes, exports, stay, canned)
    loads = rewrite_loads(view, changes, _GRAPH_MODE if switches is not None else _switched(exports))
    module = apply_changes(view, changes)
    consumed = tuple(view.place(node) for change in changes for node in _gone(change))
    findings = (*(finding for _, finding in results), *loads)
    return SiteResult(
        changed_text(text, view.module, module, view.positions) if changes else text,
        findings,
        tuple(summary for summary, _ in results),
        consumed,
        tuple(sorted({name for change in changes for name in change.support_modules})),
        switches is not None,
    )


_GRAPH_MODE = Refusal("another export of this file keeps a session, for which TensorFlow 2's eager mode is off")


@dataclass(frozen=True)
class _Site:
    """One export site and what became of it.

    `why` is what kept it from the forms before, or from any; `session` is what kept it from keeping its session.
    """

    reading: Reading
    summary: ExportSummary
    change: Change | None
    why: Refusal | None = None
    session: Refusal | None = None


def _others(readings: Sequence[Reading], reading: Reading) -> list[Reading]:
    return [r for r in readings if r is not reading and r.region is not None and r.region is reading.region]


def _not_allowed(writer: Writer) -> Refusal:
    return Refusal(not_allowed(writer), advice=ALLOW)


def _switched(exports: EstimatorExports) -> Refusal | None:
    return Refusal(SWITCHED) if exports.are_switched else None


def _rewrite(view: ModuleView, reading: Reading, others: Sequence[Reading], forms: tuple[str, ...]) -> _Site:
    """Lets the writers try in order: tf.function, graph function, session."""
    try:
        if reading.plan is None or reading.region is None:
            raise reading.refusal or Refusal('it could not be read')
        if others:
            raise Refusal('several models are exported from one graph')
        change = _write(view, reading.region, reading.plan)
        if change.writer.value not in forms:
            raise _not_allowed(change.writer)
    except Refusal as refusal:
        return _keep_session(view, reading, refusal, forms)
    return _Site(reading, _summary(reading, change.writer), change, change.why)


def _keep_session(view: ModuleView, reading: Reading, why: Refusal, forms: tuple[str, ...]) -> _Site:
    if reading.call is None:
        return _Site(reading, _summary(reading, None), None, why)
    if Writer.SESSION.value not in forms:
        return _Site(reading, _summary(reading, None), None, why, _not_allowed(Writer.SESSION))
    try:
        change, summary = rewrite_with_session(view, reading, reading.call)
    except Refusal as refusal:
        return _Site(reading, _summary(reading, None), None, why, refusal)
    return _Site(reading, summary, change, why)


def _both(view: ModuleView, why: Refusal, refusal: Refusal | None) -> Refusal:
    """Why the graph could not be read, and why the session could not be kept instead."""
    if refusal is None or why.reason == refusal.reason:
        return why
    first = f'{why.reason}{refusal_line(view, why)}'
    return Refusal(f'{first}; nor can its session be kept: {refusal.reason}', refusal.node, refusal.advice)


def _is_eager(site: _Site) -> bool:
    return site.change is not None and site.change.writer is not Writer.SESSION


def _must_switch(view: ModuleView, text: str, sites: Sequence[_Site]) -> bool:
    """Whether a session that stays is opened where TensorFlow 2 would run eagerly."""
    if not any(site.change is not None and site.change.writer is Writer.SESSION for site in sites):
        return False
    gone = [view.place(node) for site in sites if _is_eager(site) and site.change for node in _gone(site.change)]
    return needs_switch(view, text, gone)


def _decided(view: ModuleView, site: _Site) -> ExportSummary:
    """The site's summary with what became of the forms before."""
    writer = site.change.writer if site.change is not None else None
    return replace(site.summary, passed_over=passed_over(view, writer, site.why, site.session))


def _finding(view: ModuleView, site: _Site, switches: bool) -> Finding:
    if site.change is None:
        why = _both(view, site.why or Refusal('it could not be read'), site.session)
        return _refused_finding(view, site.reading, why)
    if site.change.writer is Writer.SESSION and site.why is not None:
        return kept_session_finding(view, site.reading, site.change, site.why, switches)
    return _written_finding(view, site.reading, site.change)


def _write(view: ModuleView, region: Region, plan: ExportPlan) -> Change:
    if imported_graph.imports_graph(view, region):
        return imported_graph.write(view, region, plan)
    try:
        return tf_function.write(view, region, plan)
    except Refusal as refusal:
        return _write_whole_graph(view, region, plan, refusal)


def _write_whole_graph(view: ModuleView, region: Region, plan: ExportPlan, why: Refusal) -> Change:
    """What no signature method can hold, or no call in one, may still be built as a whole."""
    try:
        return whole_graph.write(view, region, plan, why.before or why)
    except Refusal as wider:
        why.wider = wider
        raise why from wider


def _written_finding(view: ModuleView, reading: Reading, change: Change) -> Finding:
    assert reading.plan is not None
    keys = ', '.join(f'"{s.key_value}" ({s.kind.value})' for s in reading.plan.signatures)
    confidence = Confidence.REVIEW if change.review else Confidence.EQUIVALENT
    what = f'signatures {keys}' if len(reading.plan.signatures) > 1 else f'signature {keys}'
    if change.writer is Writer.TF_FUNCTION:
        message = f'{reading.reader} export becomes a tf.function: {what}'
        return Finding(REWRITTEN, confidence, reading.place, message, change.review)
    why = f', since {change.why.reason}{refusal_line(view, change.why)}' if change.why is not None else ''
    message = f'{reading.reader} export becomes a graph function{why}: {what}'
    return Finding(WRAPPED, confidence, reading.place, message, change.review)


def _refused_finding(view: ModuleView, reading: Reading, refusal: Refusal) -> Finding:
    message = f'{reading.reader} export left alone: {refusal.reason}{refusal_line(view, refusal)}'
    advice = refusal.advice or 'Rewrite it by hand, or keep serving the model that TensorFlow 1 exported.'
    return Finding(LEFT_ALONE, Confidence.MANUAL, reading.place, message, advice)


def _summary(reading: Reading, writer: Writer | None) -> ExportSummary:
    plan = reading.plan
    return ExportSummary(
        reader=reading.reader,
        place=reading.place,
        directory=code(plan.directory) if plan is not None else '',
        signatures=tuple((s.key_value, s.kind.value) for s in plan.signatures) if plan is not None else (),
        writer=writer.value if writer is not None else None,
    )


def _gone(change: Change) -> list[cst.CSTNode]:
    """The parts of the source that are not in the new code as they were."""
    gone: list[cst.CSTNode] = []
    for node, statements in change.replacements.items():
        if isinstance(node, cst.Module | cst.IndentedBlock):
            gone += [statement for statement in node.body if statement not in statements]
        else:
            gone.append(node)
    return gone

"""Rewrites the export sites of one module: reads each, lets the writers try in order, and puts the changes in."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.exports import Reading, read_exports
from rewriters.findings import Confidence, Finding, Place, explain
from rewriters.module_view import ModuleView
from rewriters.modules import imported_graph, tf_function
from rewriters.modules.change import Change
from rewriters.plan import ExportPlan, ExportSummary, Writer
from rewriters.refusal import Refusal
from rewriters.region import Region, find_regions
from rewriters.syntax import code

REWRITTEN = explain(
    'EXP101',
    'Export rewritten as tf.function',
    """The statements between the placeholders and the served tensors are now signature methods of a tf.Module, and
    tf.saved_model.save writes the model. The ops and their order are the same. Two things differ from TF1 by
    TensorFlow's own design: the tensors inside have other names, which matters only to code that feeds or fetches by
    tensor name, and saving into a folder that exists replaces the model in it, where SavedModelBuilder refused.""",
)
WRAPPED = explain(
    'EXP102',
    'Export rewritten with a graph function',
    """A call between the placeholders and the served tensors may create variables where tf.function can't track them,
    or the graph is imported. tf.compat.v1.wrap_function builds it once; the module tracks its variables, which are
    filled from the checkpoint by name. The signatures call it.""",
)
LEFT_ALONE = explain(
    'EXP901',
    'Export left alone',
    """The export is recognised, but no writer can take it without guessing; the message says what stands in the way.
    Nothing of it was changed. It can be rewritten by hand like the other exports, or the model that it writes under
    TensorFlow 1 can be kept and served as it is.""",
)
_MESSAGES = {
    Writer.TF_FUNCTION: (REWRITTEN, 'rewritten as tf.function: {what}'),
    Writer.GRAPH_FUNCTION: (WRAPPED, 'rewritten with a graph function: {what}'),
}


@dataclass(frozen=True)
class SiteResult:
    """The module with its export sites rewritten. `consumed` are the stretches that are gone from it."""

    text: str
    findings: tuple[Finding, ...]
    exports: tuple[ExportSummary, ...]
    consumed: tuple[Place, ...]


def rewrite_sites(text: str, tree: ast.Module) -> SiteResult:
    """Rewrites every export site of a module that can be rewritten."""
    view = ModuleView(text, tree)
    readings = read_exports(view, find_regions(view))
    changes: dict[Place, Change] = {}
    results = [_rewrite(view, reading, _others(readings, reading), changes) for reading in readings]
    module = _apply(view, list(changes.values()))
    consumed = tuple(view.place(node) for change in changes.values() for node in _gone(change))
    findings = tuple(finding for _, finding in results)
    return SiteResult(module.code if changes else text, findings, tuple(s for s, _ in results), consumed)


def _others(readings: Sequence[Reading], reading: Reading) -> list[Reading]:
    return [r for r in readings if r is not reading and r.region is not None and r.region is reading.region]


def _rewrite(
    view: ModuleView, reading: Reading, others: Sequence[Reading], changes: dict[Place, Change]
) -> tuple[ExportSummary, Finding]:
    try:
        if reading.plan is None or reading.region is None:
            raise reading.refusal or Refusal('it could not be read')
        if others:
            raise Refusal('several models are exported from one graph')
        change = _write(view, reading.region, reading.plan)
        changes[reading.place] = change
        return _summary(reading, change.writer), _written_finding(reading, change)
    except Refusal as refusal:
        return _summary(reading, None), _refused_finding(view, reading, refusal)


def _write(view: ModuleView, region: Region, plan: ExportPlan) -> Change:
    if imported_graph.imports_graph(view, region):
        return imported_graph.write(view, region, plan)
    return tf_function.write(view, region, plan)


def _written_finding(reading: Reading, change: Change) -> Finding:
    code_, message = _MESSAGES[change.writer]
    assert reading.plan is not None
    keys = ', '.join(f'"{s.key_value}" ({s.kind.value})' for s in reading.plan.signatures)
    confidence = Confidence.REVIEW if change.review else Confidence.EQUIVALENT
    text = message.format(what=f'signatures {keys}' if len(reading.plan.signatures) > 1 else f'signature {keys}')
    return Finding(code_, confidence, reading.place, f'{reading.reader} export {text}', change.review)


def _refused_finding(view: ModuleView, reading: Reading, refusal: Refusal) -> Finding:
    where = f' (line {view.line(refusal.node)})' if refusal.node is not None and view.knows(refusal.node) else ''
    message = f'{reading.reader} export left alone: {refusal.reason}{where}'
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
    """The parts of a changed region that are not in the new code as they were."""
    if isinstance(change.root, cst.With):
        return [change.root]
    body = change.root.body if isinstance(change.root, cst.Module | cst.IndentedBlock) else ()
    return [node for node in body if node not in change.statements]


def _apply(view: ModuleView, changes: Sequence[Change]) -> cst.Module:
    """The module with the changes' regions replaced and their classes put in."""
    if not changes:
        return view.module
    hoists: dict[cst.CSTNode, list[cst.BaseStatement]] = {}
    for change in changes:
        outermost = [node for node in [change.root, *view.ancestors(change.root)] if node is not view.module]
        if change.hoisted:
            hoists.setdefault(outermost[-1], []).extend(change.hoisted)
    return view.module.visit(_Applier({change.root: change for change in changes}, hoists))


class _Applier(cst.CSTTransformer):
    def __init__(self, changes: dict[cst.CSTNode, Change], hoists: dict[cst.CSTNode, list[cst.BaseStatement]]) -> None:
        self._changes = changes
        self._hoists = hoists

    def on_visit(self, node: cst.CSTNode) -> bool:
        change = self._changes.get(node)
        return change is None or isinstance(node, cst.Module)

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> object:  # type: ignore[override]
        change = self._changes.get(original_node)
        result: list[cst.BaseStatement] = []
        if change is not None and isinstance(original_node, cst.With):
            result = list(change.statements)
            result = [_with_first_lines(original_node, result[0]), *result[1:]]
        elif change is not None and isinstance(updated_node, cst.Module | cst.IndentedBlock):
            return updated_node.with_changes(body=change.statements)
        if original_node in self._hoists:
            hoisted = self._hoists[original_node]
            return cst.FlattenSentinel([*hoisted, *(result or [updated_node])])
        return cst.FlattenSentinel(result) if result else updated_node


def _with_first_lines(original: cst.With, first: cst.BaseStatement) -> cst.BaseStatement:
    """The first statement in place of a `with`: the blank lines of the `with`, then the statement's comments."""
    blank = [line for line in original.leading_lines if line.comment is None]
    own = [line for line in getattr(first, 'leading_lines', ()) if line.comment is not None]
    return first.with_changes(leading_lines=[*blank, *own])

"""Puts the support module's names in the place of `tf.estimator`'s, and says so where the file exports."""

from __future__ import annotations

import ast
from dataclasses import replace

from rewriters.apply import apply_changes
from rewriters.exports.estimator import NAME as ESTIMATOR_READER
from rewriters.findings import Confidence, Finding, explain
from rewriters.kept_estimators.names import SUPPORT_MODULE, Uses, find_names, imported_name
from rewriters.kept_estimators.obstacle import LEFT_ALONE
from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.session import SUPPORT_MODULE as SESSION_MODULE
from rewriters.names.places import Edit, Locator, apply_edits
from rewriters.options import EstimatorUse
from rewriters.plan import ExportSummary, Writer
from rewriters.site_result import SiteResult
from rewriters.source import parse
from rewriters.symbols import Symbols

KEPT = explain(
    'EST102',
    'The Estimator stays, on a support module',
    """
    No functions could be derived from the model_fn; the message says why. So the model_fn stays, and estimator_module
    stands in for tf.estimator in all files that work with this Estimator: it calls the model_fn as TensorFlow 1 did,
    reads and writes checkpoints by the same names, and exports with session_module what the session holds.

        estimator = tf.estimator.Estimator(model_fn, model_dir)

    becomes

        estimator = estimator_module.Estimator(model_fn, model_dir)

    estimator_module.py and session_module.py are placed beside the code; they need nothing but TensorFlow. Commit them
    with it.

    To do: export from a checkpoint that the old code wrote, and compare with `savedmodel-migrate verify`. Variables
    that Keras layers of TensorFlow 2 name in another way are not found in it, which raises an error.

    https://www.tensorflow.org/guide/migrate/migrating_estimator
    """,
)
_REVIEW = (
    'Export from an old checkpoint and verify: variables that Keras layers of TensorFlow 2 name in another way are not '
    'found in it, which raises an error. Other findings of the files that work with this Estimator may name what '
    'TensorFlow 2 lacks.'
)
_BEST = ' BestExporter compares with the evaluations of its own process only.'
_TEXT = ' TensorFlow 2 writes saved_model.pb and no saved_model.pbtxt, whatever as_text says.'


def keep_estimators(result: SiteResult, before: str, use: EstimatorUse) -> SiteResult:
    """The file with `estimator_module` in it; `before` is its source without the changes of `result`."""
    tree = parse(result.text)
    uses = find_names(Symbols.from_tree(tree))
    if not (uses.nodes or uses.statements):
        return _without_names(result, use)
    text = _edited(result.text, uses)
    old = parse(before)
    old_uses = find_names(Symbols.from_tree(old))
    locator = Locator(before)
    exporters = {name for _, name in uses.nodes}
    note = _REVIEW + (_BEST if 'BestExporter' in exporters else '') + (_TEXT if _asks_for_text(old) else '')
    nodes = [*(node for node, _ in old_uses.nodes), *old_uses.statements]
    findings = tuple(_kept(finding, note) for finding in result.findings)
    if nodes and not any(finding.code == KEPT for finding in findings):
        first = min((locator.place(node) for node in nodes), key=lambda place: (place.line, place.column))
        message = f'{SUPPORT_MODULE} stands in for tf.estimator in this file'
        findings += (Finding(KEPT, Confidence.REVIEW, first, message, note),)
    return replace(
        result,
        text=text,
        findings=findings,
        exports=tuple(_with_writer(summary) for summary in result.exports),
        consumed=(*result.consumed, *(locator.place(node) for node in nodes)),
        support_modules=tuple(sorted({*result.support_modules, SUPPORT_MODULE, SESSION_MODULE})),
    )


def _without_names(result: SiteResult, use: EstimatorUse) -> SiteResult:
    """A file that exports the Estimator of another file; nothing is said of one that was moved before."""
    if not use.is_settled:
        exports = tuple(_with_writer(summary) for summary in result.exports)
        return replace(result, findings=tuple(_kept(f, _REVIEW) for f in result.findings), exports=exports)
    return replace(
        result,
        findings=tuple(finding for finding in result.findings if finding.code != LEFT_ALONE),
        exports=tuple(summary for summary in result.exports if summary.reader != ESTIMATOR_READER),
    )


def _asks_for_text(tree: ast.Module) -> bool:
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == 'as_text')
    return not all(isinstance(given.value, ast.Constant) and given.value.value is False for given in keywords)


def _kept(finding: Finding, note: str) -> Finding:
    if finding.code != LEFT_ALONE:
        return finding
    reason = finding.message.partition(': ')[2]
    message = f'estimator export kept: {SUPPORT_MODULE} stands in for tf.estimator, because {reason}'
    return Finding(KEPT, Confidence.REVIEW, finding.place, message, note)


def _with_writer(summary: ExportSummary) -> ExportSummary:
    is_left = summary.reader == ESTIMATOR_READER and summary.writer is None
    if not is_left:
        return summary
    passed_over = tuple(over for over in summary.passed_over if over.form != Writer.SESSION.value)
    return replace(summary, writer=Writer.SESSION.value, passed_over=passed_over)


def _edited(text: str, uses: Uses) -> str:
    """The source with the names replaced, and the support module imported."""
    locator = Locator(text)
    edits = [Edit(*locator.span(node), f'{SUPPORT_MODULE}.{name}') for node, name in uses.nodes]
    edits += [Edit(*locator.span(statement), _import(statement)) for statement in uses.statements]
    edited = apply_edits(text, edits)
    if not uses.nodes:
        return edited
    view = ModuleView(edited, parse(edited))
    if view.symbols.qualified(SUPPORT_MODULE, 1, 0) == SUPPORT_MODULE:
        return edited
    return apply_changes(view, [Change({}, (), Writer.SESSION, imports=(f'import {SUPPORT_MODULE}',))]).code


def _import(statement: ast.Import | ast.ImportFrom) -> str:
    """`from tensorflow.estimator import ModeKeys` imports it from the support module."""
    assert isinstance(statement, ast.ImportFrom)
    texts: dict[str, list[str]] = {}
    for alias in statement.names:
        name = imported_name(statement, alias)
        bound = alias.asname or alias.name
        if name is None:
            texts.setdefault(f'from {statement.module} import ', []).append(ast.unparse(alias))
        elif not name:
            texts.setdefault(f'import {SUPPORT_MODULE}', []).append('')
        else:
            written = name if bound == name else f'{name} as {bound}'
            texts.setdefault(f'from {SUPPORT_MODULE} import ', []).append(written)
    return '; '.join(start + ', '.join(names) for start, names in texts.items())

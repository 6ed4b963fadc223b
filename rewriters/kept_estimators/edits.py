"""Puts the support module's names in the place of `tf.estimator`'s, and says so where the file exports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rewriters.added_imports import text_with_imports
from rewriters.canned_estimators import CANNED, left_maker
from rewriters.estimator_exports import NAME as ESTIMATOR_READER
from rewriters.findings import Confidence, Finding
from rewriters.kept_estimators.names import (
    KERAS_MODULE,
    MODES_MODULE,
    SUPPORT_MODULE,
    TPU_MODULE,
    TRAINING_MODULE,
    Name,
    Uses,
    find_names,
    home_of,
    imported_name,
)
from rewriters.late_imports import imports_late
from rewriters.modules.session import SUPPORT_MODULE as SESSION_MODULE
from rewriters.modules.session import of_version
from rewriters.names.keras_switch import VARIABLE, switch_to_keras_2
from rewriters.names.places import Edit, Locator, apply_edits
from rewriters.options import EstimatorUse
from rewriters.origins import Origins
from rewriters.outcome import ExportSummary, Writer
from rewriters.site_codes import ESTIMATOR_LEFT_ALONE, KEPT_ESTIMATOR
from rewriters.site_result import SiteResult
from rewriters.symbols import canonical, read_symbols

_REVIEW = (
    'Export from an old checkpoint and verify: variables that Keras layers of TensorFlow 2 name in another way are not '
    'found in it, which raises an error. Other findings of the files that work with this Estimator may name what '
    'TensorFlow 2 lacks.'
)
_BEST = ' BestExporter compares with the evaluations of its own process only.'
_TEXT = ' TensorFlow 2 writes saved_model.pb and no saved_model.pbtxt, whatever as_text says.'
_STRATEGY = (
    'The exported graph is the same. In training, each step now takes one batch of the input_fn on one device, where '
    'it took one for each device: make the batches larger, or check that the smaller ones do, before you train anew. A '
    'cluster in TF_CONFIG raises an error.'
)
_TPU = (
    ' TPUEstimator runs as it did with use_tpu=False, and raises an error where use_tpu is true; only the model tagged '
    '"serve" is exported, none tagged "tpu".'
)
_MODES = (
    ' What is exported for TRAIN or EVAL is written in the format of TensorFlow 1, which holds several graphs: read it '
    'by its tags, as before.'
)
_LATE = (
    ' The file imported TensorFlow only inside of functions: the support module at its top brings it as soon as '
    'the file is loaded.'
)
_EXPORTS_OF_MODES = ('experimental_export_all_saved_models', 'experimental_mode')
_KERAS = (
    ' The Keras model stays as it is, and needs Keras 2: install tf_keras, and see that TF_USE_LEGACY_KERAS=1 is set '
    'before TensorFlow is imported. Checkpoints are written by the names of variables, whatever checkpoint_format says.'
)


def keep_estimators(result: SiteResult, before: str, use: EstimatorUse, origins: Origins) -> SiteResult:
    """The file with `estimator_module` in it; `before` is its source without the changes of `result`."""
    uses = find_names(read_symbols(result.text))
    if not (uses.nodes or uses.statements):
        return _without_names(result, use, tuple(_about_uses(uses, Locator(result.text))))
    text = _edited(result.text, uses)
    old = read_symbols(before)
    old_uses = find_names(old)
    locator = Locator(before)
    names = _names(uses)
    modules = {SUPPORT_MODULE, SESSION_MODULE, *(name.module for name in names)}
    modules |= {MODES_MODULE} if any(word in text for word in _EXPORTS_OF_MODES) else set()
    note = _REVIEW + (_BEST if (TRAINING_MODULE, 'BestExporter') in names else '')
    note += (_TPU if TPU_MODULE in modules else '') + (_MODES if MODES_MODULE in modules else '')
    note += _KERAS if KERAS_MODULE in modules else ''
    note += _LATE if imports_late(old) else ''
    note += _TEXT if _asks_for_text(old.walk.calls) else ''
    note += ''.join(f' {word}' for word in of_version(before, old, origins))
    nodes = [*(node for node, _ in old_uses.nodes), *old_uses.statements]
    findings = tuple(_kept(finding, note) for finding in result.findings)
    if nodes and not any(finding.code == KEPT_ESTIMATOR for finding in findings):
        first = min((locator.place(node) for node in nodes), key=lambda place: (place.line, place.column))
        message = f'{SUPPORT_MODULE} stands in for tf.estimator in this file'
        findings += (Finding(KEPT_ESTIMATOR, Confidence.REVIEW, first, message, note),)
    kept = {finding.place for finding in findings if finding.code == KEPT_ESTIMATOR}
    return replace(
        result,
        text=text,
        findings=(*findings, *_about_uses(old_uses, locator)),
        exports=tuple(_with_writer(summary) if summary.place in kept else summary for summary in result.exports),
        consumed=(*result.consumed, *(locator.place(node) for node in nodes)),
        support_modules=tuple(sorted({*result.support_modules, *modules})),
    )


def _names(uses: Uses) -> set[Name]:
    """The names of the support modules that take the place of others."""
    imports = [statement for statement in uses.statements if isinstance(statement, ast.ImportFrom)]
    imported = (imported_name(statement, alias) for statement in imports for alias in statement.names)
    return {name for _, name in uses.nodes} | {name for name in imported if name is not None}


def _about_uses(uses: Uses, locator: Locator) -> Iterator[Finding]:
    """What is said of strategies that are not followed, and of Estimators that nothing stands in for."""
    for call in uses.strategies:
        message = 'estimator kept: the distribution strategy of this RunConfig is not followed'
        yield Finding(KEPT_ESTIMATOR, Confidence.REVIEW, locator.place(call), message, _STRATEGY)
    for use in uses.canned:
        yield left_maker(canonical(use.qualified), use.spelled, locator.place(use.node))


def _without_names(result: SiteResult, use: EstimatorUse, about_uses: tuple[Finding, ...]) -> SiteResult:
    """A file that exports the Estimator of another file; nothing is said of one that was moved before."""
    if not use.is_settled:
        findings = tuple(_kept(finding, _REVIEW) for finding in result.findings)
        kept = {finding.place for finding in findings if finding.code == KEPT_ESTIMATOR}
        exports = tuple(_with_writer(summary) if summary.place in kept else summary for summary in result.exports)
        return replace(result, findings=(*findings, *about_uses), exports=exports)
    findings = tuple(finding for finding in result.findings if finding.code not in (ESTIMATOR_LEFT_ALONE, CANNED))
    exports = tuple(summary for summary in result.exports if summary.reader != ESTIMATOR_READER)
    return replace(result, findings=(*findings, *about_uses), exports=exports)


def _asks_for_text(calls: Iterable[ast.Call]) -> bool:
    keywords = (keyword for call in calls for keyword in call.keywords if keyword.arg == 'as_text')
    return not all(isinstance(given.value, ast.Constant) and given.value.value is False for given in keywords)


def _kept(finding: Finding, note: str) -> Finding:
    if finding.code != ESTIMATOR_LEFT_ALONE:
        return finding
    reason = finding.message.partition(': ')[2]
    message = f'estimator export kept: {SUPPORT_MODULE} stands in for tf.estimator, because {reason}'
    return Finding(KEPT_ESTIMATOR, Confidence.REVIEW, finding.place, message, note)


def _with_writer(summary: ExportSummary) -> ExportSummary:
    is_left = summary.reader == ESTIMATOR_READER and summary.writer is None
    if not is_left:
        return summary
    passed_over = tuple(over for over in summary.passed_over if over.form != Writer.SESSION.value)
    return replace(summary, writer=Writer.SESSION.value, passed_over=passed_over)


def _edited(text: str, uses: Uses) -> str:
    """The source with the names replaced, and the support module imported."""
    locator = Locator(text)
    edits = [Edit(*locator.span(node), str(name)) for node, name in uses.nodes]
    edits += _import_edits(uses.statements, locator)
    if any(name.module == KERAS_MODULE for name in _names(uses)) and VARIABLE not in text:
        switch = switch_to_keras_2(read_symbols(text).walk, locator)
        edits += [switch] if switch is not None else []
    edited = apply_edits(text, edits)
    symbols = read_symbols(edited)
    used = sorted({name.module for _, name in uses.nodes})
    missing = [f'import {module}' for module in used if symbols.qualified(module, 1, 0) != module]
    return text_with_imports(edited, symbols.walk.tree, missing) if missing else edited


def _import_edits(statements: Iterable[ast.Import | ast.ImportFrom], locator: Locator) -> Iterator[Edit]:
    """The new imports; one that a line of the module's top level would say once more goes with its line."""
    said: set[str] = set()
    for statement in sorted(statements, key=lambda each: each.lineno):
        text = _import(statement)
        start, end = locator.span(statement)
        rest = re.match(r'[ \t]*(\r\n|\r|\n|\Z)', locator.source[end:])
        if text in said and statement.col_offset == 0 and rest is not None:
            yield Edit(start, end + rest.end(), '')
            continue
        said |= {text} if statement.col_offset == 0 else set()
        yield Edit(start, end, text)


def _import(statement: ast.Import | ast.ImportFrom) -> str:
    """`from tensorflow.estimator import ModeKeys` imports it from the support module.

    What has its home elsewhere comes from there: `rename` leaves imports alone that have comments in them.
    """
    assert isinstance(statement, ast.ImportFrom)
    texts: dict[str, list[str]] = {}
    for alias in statement.names:
        name = imported_name(statement, alias)
        bound = alias.asname or alias.name
        if name is None:
            home = home_of(canonical(f'{statement.module}.{alias.name}')).rpartition('.')[0]
            module = f'tensorflow.{home}' if home else statement.module
            texts.setdefault(f'from {module} import ', []).append(ast.unparse(alias))
        elif not name.name:
            texts.setdefault(f'import {name.module}', []).append('')
        else:
            written = name.name if bound == name.name else f'{name.name} as {bound}'
            texts.setdefault(f'from {name.module} import ', []).append(written)
    return '; '.join(start + ', '.join(names) for start, names in texts.items())

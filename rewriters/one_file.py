"""Rewrites one file: its names, its export sites and what loads models, and puts together what there is to say."""

from __future__ import annotations

import ast
import symtable
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rewriters.bytes_first import may_be_handed_on
from rewriters.canned_estimators import CANNED
from rewriters.dimensions import rewrite_sizes
from rewriters.estimator_exports import leave_estimators
from rewriters.findings import Finding, Place
from rewriters.graph_mode import find_eager_graph_code
from rewriters.kept_estimators.canned import say_where_made
from rewriters.kept_estimators.names import functions_in_graphs
from rewriters.kept_estimators.obstacle import say_what_is_left, say_where, say_why
from rewriters.loads.report import report_loads
from rewriters.names import Edit, apply_edits, rename
from rewriters.names.codes import GONE, NEEDS_KERAS_2
from rewriters.names.harmless import are_harmless
from rewriters.news import find_news
from rewriters.options import LAST_WITH_ESTIMATOR, EstimatorUse, Options
from rewriters.origins import Origins
from rewriters.other_libraries import report_other_libraries
from rewriters.outcome import Rewrite, Writer, not_allowed
from rewriters.programs import switch_program
from rewriters.same_run import find_same_runs
from rewriters.site_codes import ESTIMATOR_LEFT_ALONE
from rewriters.site_hints import may_hold_site, mentions_site
from rewriters.site_result import SiteResult
from rewriters.source import check, decode
from rewriters.symbols import read_symbols
from rewriters.unknown_sizes import find_unknown_sizes
from rewriters.unread_exports import find_unread
from rewriters.variables import find_variable_uses


def rewrite_file(source: bytes, options: Options) -> Rewrite:
    """Rewrites one file: names of TF1 that moved, and export sites that a writer can take.

    Raises:
        SourceError: the file can't be read as Python 3.
        RuntimeError: the rewrite came out broken; the file must be left as it is.
    """
    decoded = decode(source)
    estimators = _estimators(options)
    news = None if may_be_handed_on(source) else find_news(decoded.text)
    if news is not None and not news:
        check(decoded.text)
        return Rewrite(source, (), ())
    is_kept = estimators is not None and not (estimators.obstacle or estimators.canned)
    symbols = read_symbols(decoded.text, tuple(news) if news and not is_kept else None)
    tree = symbols.walk.tree
    edits, name_findings = rename(decoded.text, symbols, options.target_version)
    has_sites = mentions_site(decoded.text) and may_hold_site(symbols)
    switch = None if has_sites else switch_program(decoded.text, symbols)
    size_edits, size_findings = ([], []) if switch is not None else rewrite_sizes(decoded.text, symbols)
    edits = sorted([*edits, *size_edits, *([switch[0]] if switch is not None else [])])
    renamed = apply_edits(decoded.text, edits)
    origins = Origins(decoded.text, renamed, edits)
    result = SiteResult(renamed)
    if has_sites:
        result = _with_sites(renamed, origins, estimators, options)
    result = _with_estimators(result, renamed, origins, estimators)
    if _is_broken(decoded.text, renamed, result.text, edits, tree):
        raise RuntimeError('the rewritten source would not compile')
    consumed = [origins.place(place) for place in result.consumed]
    findings = [replace(finding, place=origins.place(finding.place)) for finding in result.findings]
    if estimators is not None and estimators.obstacle and not estimators.canned:
        findings += say_where(findings, decoded.text, symbols, consumed, estimators.obstacle)
    if estimators is not None and estimators.is_exported:
        findings += say_where_made(findings, decoded.text, symbols)
    findings += _still_there(name_findings, result.text, consumed, options)
    findings += size_findings
    if switch is not None:
        findings.append(switch[1])
    elif not result.switches:
        in_graphs = functions_in_graphs(decoded.text, tree, symbols, estimators)
        findings += find_eager_graph_code(decoded.text, symbols, [*consumed, *in_graphs])
    is_switched = switch is not None or result.switches
    findings += find_variable_uses(decoded.text, symbols, consumed, is_switched)
    findings += find_same_runs(decoded.text, symbols, consumed, is_switched)
    findings += find_unknown_sizes(decoded.text, symbols, consumed, is_switched)
    findings += report_loads(decoded.text, tree, symbols, consumed)
    findings += report_other_libraries(decoded.text, symbols)
    exports = tuple(replace(export, place=origins.place(export.place)) for export in result.exports)
    read = {export.place for export in exports}
    unread = [each for each in find_unread(decoded.text, symbols) if each[1].place not in read]
    findings += [finding for finding, _ in unread]
    exports += tuple(summary for _, summary in unread)
    encoded = source if result.text == decoded.text else decoded.encode(result.text)
    ordered = tuple(sorted(say_what_is_left(_told_once(findings)), key=lambda finding: finding.sort_key))
    return Rewrite(encoded, ordered, exports, result.support_modules)


def _estimators(options: Options) -> EstimatorUse | None:
    """What the file has to do with Estimators, if they need another home; that keeps their sessions, if it may."""
    use = options.estimators if options.target_version > LAST_WITH_ESTIMATOR else None
    if use is None or use.canned or use.obstacle or Writer.SESSION.value in options.forms:
        return use
    return replace(use, obstacle=not_allowed(Writer.SESSION))


def _is_broken(text: str, renamed: str, rewritten: str, edits: Sequence[Edit], tree: ast.Module) -> bool:
    """Whether `text` compiles, but not what it became by `edits` and the rewriting of its sites."""
    if rewritten == renamed and are_harmless(edits, text, tree.body):
        return False
    compiles = _compiles if rewritten != renamed else _has_scopes
    return rewritten != text and not compiles(rewritten) and compiles(text)


def _compiles(text: str) -> bool:
    try:
        compile(text, '<source>', 'exec', dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _has_scopes(text: str) -> bool:
    """Whether a text gets as far as to its scopes: what is minded after that, names don't bring about."""
    try:
        symtable.symtable(text, '<source>', 'exec')
    except (SyntaxError, ValueError):
        return False
    return True


def _with_sites(renamed: str, origins: Origins, estimators: EstimatorUse | None, options: Options) -> SiteResult:
    symbols = read_symbols(renamed)
    left = leave_estimators(renamed, symbols, origins, estimators, options.forms)
    if left is not None:
        return left
    from rewriters.sites import rewrite_sites  # brings libcst, for which few files need to wait

    return rewrite_sites(renamed, symbols, origins, estimators, options.session_module, options.forms)


def _with_estimators(result: SiteResult, renamed: str, origins: Origins, estimators: EstimatorUse | None) -> SiteResult:
    """With the support module in the place of `tf.estimator`, or the reason why not at the exports."""
    if estimators is None or estimators.canned:
        return result
    if estimators.obstacle:
        return say_why(result, estimators.obstacle)
    from rewriters.kept_estimators.edits import keep_estimators

    return keep_estimators(result, renamed, estimators, origins)


def _told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Without what only says that a name is gone where the same name has a reason, and a way out of its own."""
    told = {finding.place for finding in findings if finding.code in (CANNED, ESTIMATOR_LEFT_ALONE)}
    return [finding for finding in findings if finding.code != GONE or finding.place not in told]


def _still_there(findings: Sequence[Finding], text: str, consumed: Sequence[Place], options: Options) -> list[Finding]:
    """The findings about names, without those whose names are gone together with the code around them."""
    inside = [any(place.covers(finding.place) for place in consumed) for finding in findings]
    if not any(inside):
        return list(findings)
    _, remaining = rename(text, read_symbols(text), options.target_version)
    left = Counter((finding.code, finding.message) for finding in remaining)
    kept: list[Finding] = []
    for finding, is_inside in zip(findings, inside, strict=True):
        key = finding.code, finding.message
        # The switch to Keras 2 is there, and speaks for itself.
        if not is_inside or left[key] > 0 or finding.code == NEEDS_KERAS_2:
            left[key] -= 1
            kept.append(finding)
    return kept

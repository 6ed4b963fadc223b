"""The report as Markdown, short enough for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.report.diff import line_counts, side_by_side, unified
from migrate.report.markdown_text import cell, code, details, fenced, inline, table
from migrate.report.model import ConvertedFolder, ConvertedModel, ModelProof, ProjectReport, Proof, Report
from migrate.report.next_steps import Step, next_steps
from migrate.report.sources import LEFT_ALONE, FileReport, at_line, is_changed, is_notable, line_of, passed_over
from migrate.report.summary import KEPT, Summary, conversion_state, proof_state, summarise
from migrate.report.text import counted, log_text
from migrate.report.wording import (
    conversion_notes,
    difference,
    headline,
    in_place,
    largest_difference,
    method_names,
    moment,
    reasons,
    worst_element,
)
from migrate.verify.results import ContractDifference, SignatureResult, Verdict
from rewriters import Confidence, ExportSummary, Finding, PassedOver

LIMIT = 60_000
"""GitHub takes 65,536 characters a comment; the rest is left to whoever puts a line above or below."""

_KEPT = (Verdict.IDENTICAL, Verdict.EQUAL)
_MODELS_A_TABLE = 30


def render_markdown(report: Report, limit: int = LIMIT) -> str:
    """The report; what doesn't fit into `limit` characters is left out, from the end, and counted in its last line."""
    kept: list[str] = []
    room = limit - 200  # for that last line
    left_out = 0
    for block in _blocks(report):
        if len(block) + 2 <= room:
            kept.append(block)
            room -= len(block) + 2
        else:
            left_out += 1
    if left_out:
        parts = counted(left_out, 'part')
        kept.append(f'*{parts} of this report left out here for their size; the HTML report has everything.*')
    return '\n\n'.join(kept) + '\n'


def _blocks(report: Report) -> Iterator[str]:
    """The report in pieces that can be left out: first what everybody reads, then the projects, then their diffs."""
    summary = summarise(report.projects, report.conversions)
    yield '## SavedModel migration report'
    yield headline(summary)
    if report.projects or report.conversions:
        yield _summary_table(summary)
    if report.projects:
        yield _project_table(report.projects)
    if steps := next_steps(report.projects, report.conversions):
        yield '\n'.join(
            ['**What to do next**\n', *(f'{number}. {_step(step)}' for number, step in enumerate(steps, 1))]
        )
    for folder in report.conversions:
        yield from _conversion_blocks(folder)
    for project in report.projects:
        yield from _project_blocks(project)
    yield f'<sub>savedmodel-migrate {inline(report.tool_version)}, {inline(moment(report.created))}</sub>'


def _step(step: Step) -> str:
    code_of = f' ({inline(step.code)})' if step.code else ''
    return f'{inline(step.what)}{code_of}' + (f': {inline(step.how)}' if step.how else '')


def _summary_table(summary: Summary) -> str:
    projects = (
        ('Projects by proof', summary.proofs),
        ('Signatures by verdict', summary.signatures),
        ('Export sites', summary.export_sites),
        ('Findings', summary.findings),
    )
    models = (('Models converted', summary.conversions),)
    rows = []
    for title, counts in (*(projects if summary.projects else ()), *(models if any(models[0][1].values()) else ())):
        found = ', '.join(f'{number:,} {cell(state)}' for state, number in counts.items() if number)
        rows.append((title, f'{sum(counts.values()):,}', found or 'none'))
    return table(('', 'Total', 'Of these'), rows)


def _project_table(projects: tuple[ProjectReport, ...]) -> str:
    rows = []
    for project in projects:
        summary = summarise([project])
        manual, review = (summary.findings[c.value] for c in (Confidence.MANUAL, Confidence.REVIEW))
        left_alone = summary.export_sites[LEFT_ALONE]
        to_rewrite = sum(summary.export_sites.values()) - left_alone
        numbers = (str(n) for n in (summary.files, to_rewrite, left_alone, manual, review))
        rows.append((cell(project.name), _verdict(proof_state(project)), *numbers))
    return table(('Project', 'Proof', 'Files', 'Sites to rewrite', 'Left alone', 'By hand', 'To check'), rows)


def _verdict(state: str) -> str:
    return f'**{state}**' if state not in {verdict.value for verdict in _KEPT} else state


def _conversion_blocks(folder: ConvertedFolder) -> Iterator[str]:
    """What needs a look first: where there is no room for all, that is what is left out last."""
    yield f'### Models converted to {inline(folder.path)}'
    if folder.error:
        yield f'**What became of them can not be read.** {inline(folder.error)}'
    models = sorted(folder.models, key=lambda model: conversion_state(model) in KEPT)
    for first in range(0, len(models), _MODELS_A_TABLE):
        rows = map(_conversion_row, models[first : first + _MODELS_A_TABLE])
        yield table(('Model', 'Verdict', 'In place', 'Message'), rows)


def _conversion_row(model: ConvertedModel) -> tuple[str, ...]:
    conversion = model.conversion
    messages = [cell(model.out_of_date), *map(cell, reasons(conversion))]
    messages += [f'→ {cell(conversion.advice)}'] if conversion.advice else []
    messages += [f'**note**: {cell(note)}' for note in conversion_notes(conversion)]
    verdict, where = _verdict(conversion_state(model)), in_place(conversion)
    return (
        code(model.name),
        verdict,
        f'**{where}**' if where == 'by --force' else where,
        '<br>'.join(filter(None, messages)),
    )


def _project_blocks(project: ProjectReport) -> Iterator[str]:
    yield f'### {inline(project.name)}: {proof_state(project)}'
    if project.proof is None:
        yield 'No proof was run for this project.'
    else:
        yield from _proof_blocks(project.proof, project.proof_is_stale)
    notable = [file for file in project.files if is_notable(file)]
    for file in notable:
        yield from _file_blocks(file)
    if quiet := len(project.files) - len(notable):
        yield f'{counted(quiet, "file")} without anything to migrate.'


def _proof_blocks(proof: Proof, stale: bool) -> Iterator[str]:
    if stale:
        yield '> **This proof is stale.** Sources or a model changed; run `savedmodel-migrate prove PROJECT` again.'
    yield f'{inline(proof.old_side)} → {inline(proof.new_side)}: {inline(proof.message)}'
    for model in proof.models:
        yield from _model_blocks(model)
    if log := log_text(proof.log):
        yield details('The last words of the command that failed', fenced(log))


def _model_blocks(model: ModelProof) -> Iterator[str]:
    verification = model.verification
    yield f'SavedModel {code(model.model)}, {_verdict(verification.verdict.value)}: {inline(verification.message)}'
    if verification.contract:
        yield '\n'.join(f'- {_contract(item)}' for item in verification.contract)
    if verification.signatures:
        header = ('Signature', 'Method', 'Verdict', 'Cases', 'Inputs', 'Largest difference', 'Message')
        yield table(header, [_signature_row(signature) for signature in verification.signatures])


def _signature_row(signature: SignatureResult) -> tuple[str, ...]:
    notes = [f'**not proven**: {cell(note)}' for note in signature.notes]
    messages = [cell(signature.message), *map(_contract, signature.contract), *notes, *_outputs(signature)]
    return (
        code(signature.key),
        cell(method_names(signature)),
        _verdict(signature.verdict.value),
        str(signature.cases),
        cell(signature.inputs),
        cell(largest_difference(signature)),
        '<br>'.join(message for message in messages if message),
    )


def _contract(item: ContractDifference) -> str:
    return f'{"**breaks clients**" if item.breaking else "harmless"}: {cell(item.where)}: {cell(item.message)}'


def _outputs(signature: SignatureResult) -> Iterator[str]:
    """Of the outputs only those that aren't the same."""
    for output in signature.outputs:
        if output.verdict not in _KEPT:
            facts = (difference(output), worst_element(output), output.message, *output.explanation)
            yield f'{code(output.name)} {output.verdict.value}: ' + '; '.join(cell(fact) for fact in facts if fact)


def _file_blocks(file: FileReport) -> Iterator[str]:
    lines = [f'#### {code(file.path)}']
    if file.error:
        lines.append(f'**Not read, not rewritten.** {inline(file.error)}')
    lines.extend(_site(site, file) for site in file.exports)
    yield '\n\n'.join(lines)
    if file.findings:
        findings = sorted(file.findings, key=lambda finding: finding.sort_key)
        yield table(('Line', 'Code', 'Confidence', 'Finding'), [_finding_row(finding, file) for finding in findings])
    if is_changed(file):
        added, removed = line_counts(side_by_side(file.before, file.after))
        title = f'Changes in {file.path}: +{added} \N{MINUS SIGN}{removed}'
        yield details(title, fenced(unified(file.before, file.after, file.path), 'diff'))


def _site(site: ExportSummary, file: FileReport) -> str:
    signatures = ', '.join(f'{code(key)} ({inline(kind)})' for key, kind in site.signatures) or 'signatures not known'
    state = f'can be rewritten: {inline(site.writer)}' if site.writer else f'**{LEFT_ALONE}**'
    reasons = ''.join(f'<br>Not {inline(forms)}: {inline(_reason(over, file))}.' for forms, over in passed_over(site))
    return f'Export site in {at_line(file, site.place)} ({inline(site.reader)}), {signatures}: {state}.{reasons}'


def _reason(over: PassedOver, file: FileReport) -> str:
    return over.reason + (f' ({at_line(file, over.place)})' if over.place is not None else '')


def _finding_row(finding: Finding, file: FileReport) -> tuple[str, ...]:
    advice = f'<br>→ {cell(finding.advice)}' if finding.advice else ''
    confidence = finding.confidence.value
    shown = confidence if finding.confidence is Confidence.EQUIVALENT else f'**{confidence}**'
    return line_of(file, finding.place), cell(finding.code), shown, cell(finding.message) + advice

"""What became of a notebook: its script rewritten as any source is, and put back into the cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from migrate.codemod import Outcome
from migrate.notebooks import MovedError, Notebook, line_in_cell, read
from migrate.report.sources import FileReport
from migrate.requirements import asks_for_tensorflow_1
from rewriters import Confidence, Finding, Place
from rewriters.notebook_codes import DOES_NOT_FIT, OTHER_LANGUAGE, TENSORFLOW_1

_LINE = re.compile(r'^line (\d+)')
_LINE_IN_BRACKETS = re.compile(r'\(line (\d+)\)')
_COLAB = re.compile(r'\s*%tensorflow_version\s+1\S*')
_INSTALL = re.compile(r'\s*[!%].*\b(?:pip3?|conda|mamba)\b.*\binstall\b', re.DOTALL)
_COLAB_ADVICE = 'Delete the line: Colab has TensorFlow 2 only.'
_INSTALL_ADVICE = 'Delete the line, or install the TensorFlow that the notebook is rewritten for.'
_WHOLE = Place(1, 1, 1, 1)


def rewrite_notebook(source: bytes, rewrite: Callable[[bytes], Outcome]) -> Outcome:
    """Rewrites the cells of a notebook; `rewrite` does it with a script.

    Raises:
        SourceError: it is no notebook, or a cell of it does not parse.
    """
    notebook = read(source)
    outcome = rewrite(notebook.script.encode('utf-8'))
    report = outcome.report
    if report.error:
        return replace(outcome, report=replace(report, error=_with_cell(report.error, notebook.script)))
    outcome = replace(outcome, report=_in_cells(report, notebook))
    report = outcome.report
    findings = (*report.findings, *_other_languages(notebook), *_old_tensorflow(notebook))
    script = outcome.after.decode('utf-8') if outcome.changed else notebook.script
    try:
        after, shown = notebook.with_script(script), notebook.unmasked(script)
    except MovedError as error:
        return _left_alone(outcome, notebook, source, findings, str(error))
    if not (findings or report.exports or outcome.changed):
        return Outcome(report)
    shown_report = replace(report, before=notebook.shown, after=shown, findings=findings)
    return Outcome(shown_report, source, after, outcome.support_modules)


def _left_alone(
    outcome: Outcome, notebook: Notebook, source: bytes, findings: tuple[Finding, ...], why: str
) -> Outcome:
    """The notebook as it is, with what holds whether or not something is rewritten."""
    kept = [finding for finding in findings if finding.confidence is Confidence.MANUAL]
    place = next((export.place for export in outcome.report.exports), None)
    place = place or next((finding.place for finding in findings), _WHOLE)
    advice = 'Put what belongs to the export into one cell, or rewrite the notebook as a script.'
    said = Finding(DOES_NOT_FIT, Confidence.MANUAL, place, f'the notebook is left alone: {why}', advice)
    exports = tuple(replace(export, writer=None) for export in outcome.report.exports)
    report = replace(
        outcome.report, before=notebook.shown, after=notebook.shown, findings=(said, *kept), exports=exports
    )
    return Outcome(report, source, source)


def _other_languages(notebook: Notebook) -> Iterator[Finding]:
    for line, magic in notebook.other_cells:
        message = f'a cell with `{magic}` mentions TensorFlow; it is not looked into'
        place = Place(line, 1, line, len(magic) + 1)
        yield Finding(OTHER_LANGUAGE, Confidence.MANUAL, place, message, 'Look into it.')


def _old_tensorflow(notebook: Notebook) -> Iterator[Finding]:
    for line, command in notebook.commands:
        colab = _COLAB.match(command)
        words = command.split() if _INSTALL.match(command) else []
        asked = colab[0].strip() if colab else next(filter(asks_for_tensorflow_1, words), '')
        if asked:
            message = f'`{asked}` asks for TensorFlow 1; what is rewritten runs on TensorFlow 2'
            place = Place(line, 1, line, len(command.split('\n')[0]) + 1)
            advice = _COLAB_ADVICE if colab else _INSTALL_ADVICE
            yield Finding(TENSORFLOW_1, Confidence.MANUAL, place, message, advice)


def _in_cells(report: FileReport, notebook: Notebook) -> FileReport:
    """The report with the lines that its texts name, which are those of the script, as lines of cells."""

    def name_cell(match: re.Match[str]) -> str:
        return f'({line_in_cell(notebook.script, int(match[1]))})'

    def told(text: str) -> str:
        return notebook.told(_LINE_IN_BRACKETS.sub(name_cell, text))

    commands = dict(notebook.commands)

    def placed(place: Place) -> Place:
        """Of what a magic names, the line of the magic."""
        if place.line not in commands:
            return place
        return Place(place.line, 1, place.line, len(commands[place.line].split('\n')[0]) + 1)

    findings = tuple(
        replace(finding, message=told(finding.message), place=placed(finding.place)) for finding in report.findings
    )
    exports = tuple(
        replace(
            export,
            passed_over=tuple(replace(over, reason=told(over.reason)) for over in export.passed_over),
        )
        for export in report.exports
    )
    return replace(report, findings=findings, exports=exports)


def _with_cell(message: str, script: str) -> str:
    """`line 7: …`, which is one of the script, as a line of a cell."""
    match = _LINE.match(message)
    if match is None:
        return message
    return f'{line_in_cell(script, int(match[1]))}{message[match.end() :]}'

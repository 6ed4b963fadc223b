"""What `verify` and `prove` found out, as lines for a person and as JSON for a program."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from migrate import __version__
from migrate.report.model import ModelProof, Proof
from migrate.report.plain import SCHEMA_VERSION, plain
from migrate.report.text import counted, log_text, visible
from migrate.report.wording import largest_difference
from migrate.verify.results import Verdict, Verification
from migrate.verify.text import render

_FINE = (Verdict.IDENTICAL, Verdict.EQUAL)
_COLOURS = {
    Verdict.IDENTICAL: 'green',
    Verdict.EQUAL: 'green',
    Verdict.INCONCLUSIVE: 'yellow',
    Verdict.DIFFERENT: 'red',
    Verdict.INCOMPATIBLE: 'red',
    Verdict.ERROR: 'red',
}
_INDENT = '    '


def show_verification(verification: Verification) -> None:
    """Prints one verification."""
    for line in render(verification):
        click.echo(visible(line))


def failed_proof(project: Path, error: Exception) -> Proof:
    """The proof of a project in which something went wrong that `prove` does not expect."""
    if os.environ.get('SAVEDMODEL_MIGRATE_DEBUG'):
        raise error
    message = f'the proof failed: {error}' if isinstance(error, OSError) else f'{type(error).__name__}: {error}'
    name = project.as_posix() if project.name else project.resolve().name
    return Proof(name, Verdict.ERROR, message, '', '', (), '')


def show_proof(proof: Proof, widths: tuple[int, int]) -> None:
    """Prints one line per signature, and what isn't fine below. `widths`: of the longest project and model name."""
    project = visible(proof.project)
    for cells in _rows(proof, widths[1]):
        click.echo(f'{project:<{widths[0]}}  {cells}'.rstrip())
    for line in _details(proof):
        click.echo(f'{_INDENT}{visible(line)}'.rstrip())


def show_sum(proofs: Sequence[Proof]) -> None:
    """Prints the last line: the projects by verdict."""
    verdicts = Counter(proof.verdict for proof in proofs)
    parts = [coloured(verdict, f'{verdicts[verdict]} {verdict.value}') for verdict in Verdict if verdicts[verdict]]
    click.echo(f'{counted(len(proofs), "project")}: {", ".join(parts)}')


def show_json(name: str, content: Any) -> None:
    """Prints one JSON object, with `content` under `name` in it."""
    document = {'schema_version': SCHEMA_VERSION, 'tool_version': __version__, name: plain(content)}
    click.echo(json.dumps(document, indent=2, allow_nan=False))


def _rows(proof: Proof, model_width: int) -> Iterator[str]:
    """One for each signature; one for each model, or for the project, of which nothing more is known."""
    rows = [row for model in proof.models for row in _model_rows(model)]
    if not rows:
        rows = [('-', '-', proof.verdict, '')]
    key_width = max(len(key) for _, key, _, _ in rows)
    for model, key, verdict, difference in rows:
        # Padded before it is coloured: what makes colours counts as characters.
        padded = coloured(verdict, f'{verdict.value:<{len(Verdict.INCONCLUSIVE.value)}}')
        yield f'{model:<{model_width}}  {key:<{key_width}}  {padded}  {difference}'


def _model_rows(proof: ModelProof) -> Iterator[tuple[str, str, Verdict, str]]:
    verification, model = proof.verification, visible(proof.model)
    for result in verification.signatures:
        yield model, visible(result.key), result.verdict, visible(largest_difference(result))
    if not verification.signatures:
        yield model, '-', verification.verdict, ''


def _details(proof: Proof) -> Iterator[str]:
    said = proof.message
    for model in proof.models:
        said = said.replace(f'{model.model}: {model.verification.message}', '').replace(model.verification.message, '')
        if model.verification.verdict not in _FINE:
            yield from render(model.verification)
        else:
            yield from (f'{each.key}: {note}' for each in model.verification.signatures for note in each.notes)
    if said.strip('; '):
        # What the project as a whole has to be said, as which file could not be rewritten.
        yield said.strip('; ')
    yield from (f'| {line}' for line in log_text(proof.log).splitlines())


def coloured(verdict: Verdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[verdict])

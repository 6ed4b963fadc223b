"""What `verify` and `prove` found out, as lines for a person and as JSON for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from migrate import __version__
from migrate.report.as_json import SCHEMA_VERSION, plain
from migrate.report.model import ModelProof, Proof
from migrate.report.text import log_text, visible
from migrate.report.wording import counted, largest_difference
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


def show_proof(proof: Proof, width: int) -> None:
    """Prints one line per signature, and what isn't fine below; `width` is that of the longest project's name."""
    project = visible(proof.project)
    for cells in _rows(proof):
        click.echo(f'{project:<{width}}  {cells}'.rstrip())
    if proof.verdict in _FINE:
        return
    unread = [model for model in proof.models if model.verification.verdict not in _FINE]
    if len(unread) != 1 or not unread[0].verification.signatures:
        click.echo(f'{_INDENT}{visible(proof.message)}')
    for line in _details(unread, proof.log):
        click.echo(f'{_INDENT}{visible(line)}'.rstrip())


def show_sum(proofs: Sequence[Proof]) -> None:
    """Prints the last line: the projects by verdict."""
    verdicts = Counter(proof.verdict for proof in proofs)
    parts = [_coloured(verdict, f'{verdicts[verdict]} {verdict.value}') for verdict in Verdict if verdicts[verdict]]
    click.echo(f'{counted(len(proofs), "project")}: {", ".join(parts)}')


def show_json(name: str, content: Any) -> None:
    """Prints one JSON object, with `content` under `name` in it."""
    document = {'schema_version': SCHEMA_VERSION, 'tool_version': __version__, name: plain(content)}
    click.echo(json.dumps(document, indent=2, allow_nan=False))


def _rows(proof: Proof) -> Iterator[str]:
    """One for each signature; one for each model, or for the project, of which nothing more is known."""
    rows = [row for model in proof.models for row in _model_rows(model)]
    if not rows:
        yield _coloured(proof.verdict, proof.verdict.value)
        return
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for model, signature, verdict, difference in rows:
        # Padded before it is coloured: what makes colours counts as characters.
        coloured = _coloured(verdict, f'{verdict.value:<{len(Verdict.INCONCLUSIVE.value)}}')
        yield f'{model:<{widths[0]}}  {signature:<{widths[1]}}  {coloured}  {difference}'


def _model_rows(proof: ModelProof) -> Iterator[tuple[str, str, Verdict, str]]:
    verification, model = proof.verification, visible(proof.model)
    for result in verification.signatures:
        yield model, visible(result.key), result.verdict, visible(largest_difference(result))
    if not verification.signatures:
        yield model, '-', verification.verdict, ''


def _details(models: Sequence[ModelProof], log: str) -> Iterator[str]:
    for model in models:
        yield from render(model.verification)
    yield from (f'| {line}' for line in log_text(log).splitlines())


def _coloured(verdict: Verdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[verdict])

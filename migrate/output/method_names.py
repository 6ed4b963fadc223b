"""Runs `method-names`, and shows what it comes to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from migrate.convert import Refusal
from migrate.method_names import MethodNames, Request, Settings, SignatureName, only_in_other, plan, set_method_names
from migrate.method_names.plan import full_name
from migrate.method_names.rules import PREFIX
from migrate.output import exits, proofs
from migrate.output.runs import telling
from migrate.report.text import visible
from migrate.saved_model.reading import ModelError


def run_method_names(
    model: Path,
    names: tuple[str, ...],
    tags: str | None,
    *,
    like: Path | None,
    share_examples: bool,
    dry_run: bool,
    python: str | None,
    timeout: float,
    style: str,
) -> int:
    """`method-names`."""
    request = Request(_parsed(names), like, frozenset(filter(None, tags.split(','))) if tags else None)
    try:
        signatures = plan(model, request)
        missing = only_in_other(model, request)
    except Refusal as refusal:
        raise exits.Failure(f'{refusal.message}. {refusal.advice}') from refusal
    except ModelError as error:
        exits.show_error(f'{error.message}. {error.advice}'.strip())
        return exits.FAILED
    result = MethodNames(str(model), signatures, False)
    asks = bool(names or like or share_examples)
    # What was there before, and stays, keeps no other signature from its name.
    broken = any(each.broken_rules and (each.changes or not asks) for each in signatures)
    asked = share_examples or any(each.changes for each in signatures)
    if asked and not broken and not dry_run:
        try:
            with telling() as say:
                settings = Settings(python or sys.executable, timeout, share_examples, say)
                result = set_method_names(model, signatures, settings)
        except Refusal as refusal:
            exits.show_error(visible(f'{model} is as it was: {refusal.message}. {refusal.advice}'))
            return exits.FAILED
    notes = [f'{model} has no signature "{key}", which {like} has' for key in missing]
    result = replace(result, notes=(*notes, *result.notes))
    if style == 'json':
        proofs.show_json('method_names', result)
    else:
        _show(result, asks=asks, dry_run=dry_run)
    return exits.FOUND if broken or (dry_run and asked) else exits.NOTHING


def _parsed(names: tuple[str, ...]) -> dict[str, str]:
    parsed = {}
    for item in names:
        key, equals, name = item.rpartition('=')
        if not equals or not key:
            raise click.UsageError(f'{item}: write KEY=classify, KEY=regress or KEY=predict.')
        try:
            parsed[key] = full_name(name)
        except ValueError as error:
            raise click.UsageError(f'{item}: {error}.') from error
    return parsed


def _show(result: MethodNames, *, asks: bool, dry_run: bool) -> None:
    for line in _table(result.signatures):
        click.echo(line)
    for each in result.signatures:
        for rule in each.broken_rules:
            message = visible(f'"{each.key}" can\'t be {_short(each.wanted)}: {rule}')
            if asks and not each.changes:
                click.echo(f'note: {message} (as before)')
            else:
                exits.show_error(message)
    for keys in result.shared:
        click.echo(visible(f'{", ".join(keys)} share one input.'))
    for note in result.notes:
        click.echo(visible(f'note: {note}'))
    if not asks:
        return
    changed = sum(each.changes for each in result.signatures)
    if result.written:
        click.echo(f'{visible(result.model)}: {changed} method name{"" if changed == 1 else "s"} set.')
    elif any(each.broken_rules and each.changes for each in result.signatures):
        click.echo('Nothing is written. Leave such a signature as it is, or name it KEY=predict.')
    elif dry_run and changed:
        click.echo('Nothing is written (--dry-run).')
    else:
        click.echo('There is nothing to change.')


def _table(signatures: tuple[SignatureName, ...]) -> Iterator[str]:
    """One line for each signature; what it may be is said only where that is more than what it is."""
    rows = [
        (
            ','.join(each.tags),
            each.key,
            _short(each.method_name) + (f' -> {_short(each.wanted)}' if each.changes else ''),
            ', '.join(each.may_be),
        )
        for each in signatures
    ]
    rows = [('tags', 'signature', 'method name', 'may be'), *rows]
    widths = [max(len(visible(row[column])) for row in rows) for column in range(3)]
    for row in rows:
        cells = [f'{visible(cell):<{width}}' for cell, width in zip(row, widths, strict=False)]
        yield '  '.join([*cells, row[3]]).rstrip()


def _short(method_name: str) -> str:
    return method_name.removeprefix(PREFIX) or '-'

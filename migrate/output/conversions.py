"""Runs `convert`, and shows what it comes to."""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from migrate import interrupts
from migrate.convert import Conversion, Refusal
from migrate.convert.asked import refuse_inside, refuse_unknown_keys
from migrate.convert.conversion import Settings, convert
from migrate.convert.results import FINE
from migrate.convert.tree import convert_tree, find_models
from migrate.output import exits, proofs
from migrate.output.progress import Bar
from migrate.output.runs import telling
from migrate.report.text import counted, visible
from migrate.saved_model.reading import is_model
from migrate.verify.results import Verdict


def run_convert(
    old: Path,
    new: Path,
    *,
    style: str,
    python: str | None,
    timeout: float,
    seed: int,
    force: bool,
    without: frozenset[str],
    jobs: int,
) -> int:
    """`convert`."""
    how = functools.partial(Settings, python or sys.executable, timeout, seed, force, without, jobs)
    single = is_model(old)
    models = [old] if single else find_models(old)
    try:
        refuse_inside(old, new, models)
        refuse_unknown_keys(old, models, without)
    except Refusal as refusal:
        raise exits.Failure(visible(f'{refusal.message}. {refusal.advice}')) from refusal
    if single:
        conversions, is_whole = [_convert_one(old, new, how)], True
    else:
        conversions, is_whole = _convert_tree(old, new, models, how, style)
    if not conversions:
        return exits.FAILED
    if style == 'json':
        proofs.show_json('conversions', tuple(conversions))
    elif single:
        _show(conversions[0])
    else:
        _show_sum(conversions)
    codes = [conversion.verdict.exit_code for conversion in conversions]
    return exits.worst(*codes, exits.NOTHING if is_whole else exits.FAILED)


def _convert_one(old: Path, new: Path, how: Callable[..., Settings]) -> Conversion:
    was_there = is_model(new)

    def so_far() -> str:
        is_placed = is_model(new) and not was_there
        return visible(f'{new} is in place') if is_placed else 'nothing was put in place'

    with interrupts.saying(so_far), telling() as say:
        (conversion,) = convert([(old, new)], how(say))
    return conversion


def _convert_tree(
    old: Path, new: Path, models: Sequence[Path], how: Callable[..., Settings], style: str
) -> tuple[list[Conversion], bool]:
    """What became of each model, and whether that are all. What kept it from others was shown."""
    if not models:
        exits.show_error(visible(f'{old} holds no saved_model.pb, nor does a folder below it.'))
    conversions: list[Conversion] = []

    def so_far() -> str:
        return f'{len(conversions)} of {len(models)} models are done; the same command goes on with the others'

    try:
        with interrupts.saying(so_far), Bar(len(models), 'models') as bar:
            for conversion in convert_tree(old, new, models, how(bar.say)) if models else ():
                conversions.append(conversion)
                with bar.one_more():
                    if style == 'text':
                        _show_line(conversion, old)
    except Refusal as refusal:
        exits.show_error(visible(f'{refusal.message}. {refusal.advice}'))
    except OSError as error:
        # What is done is shown nevertheless: where the record can't be written, it stands nowhere else.
        exits.show_error(visible(exits.message_of(error)))
    return conversions, len(conversions) == len(models)


def _show(conversion: Conversion) -> None:
    """One model, in full."""
    if conversion.refusal:
        exits.show_error(visible(f'{conversion.old} is not converted: {_refusal(conversion)}'))
        return
    for tag_set in conversion.tag_sets:
        if len(conversion.tag_sets) > 1:
            click.echo(click.style(visible(f'tag set {{{", ".join(tag_set.tags)}}}'), bold=True))
        proofs.show_verification(tag_set.verification)
    for note in _notes(conversion):
        click.echo(visible(f'note: {note}'))
    if conversion.placed:
        click.echo(f'{visible(conversion.new)} is in place.')
    else:
        exits.show_error(
            visible(
                f'{conversion.new} is not put in place, as it is not proven to serve the same. What the lines above '
                'say is the reason; --force puts it there nevertheless.'
            )
        )


def _show_line(conversion: Conversion, root: Path) -> None:
    """One of many models: a line, and below it what is not fine."""
    verdict = proofs.coloured(conversion.verdict, f'{conversion.verdict.value:<{len(Verdict.INCONCLUSIVE.value)}}')
    click.echo(f'{verdict}  {visible(str(Path(conversion.old).relative_to(root)))}')
    if conversion.refusal:
        click.echo(f'    {visible(_refusal(conversion))}')
    elif conversion.verdict not in FINE:
        place = 'in place by --force' if conversion.placed else 'not put in place'
        for tag_set in conversion.tag_sets:
            click.echo(f'    {visible(tag_set.verification.message)} ({place})')
    for note in _notes(conversion):
        click.echo(f'    note: {visible(note)}')


def _show_sum(conversions: Sequence[Conversion]) -> None:
    verdicts = Counter(conversion.verdict for conversion in conversions)
    parts = [proofs.coloured(each, f'{verdicts[each]} {each.value}') for each in Verdict if verdicts[each]]
    placed = sum(conversion.placed for conversion in conversions)
    click.echo(f'{counted(len(conversions), "model")}: {", ".join(parts) or "none"}; {placed} in place')


def _refusal(conversion: Conversion) -> str:
    return f'{conversion.refusal}. {conversion.advice}'.strip()


def _notes(conversion: Conversion) -> list[str]:
    return [*conversion.notes, *(note for tag_set in conversion.tag_sets for note in tag_set.notes)]

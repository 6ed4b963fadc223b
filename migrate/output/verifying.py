"""Runs `verify`, shows what comes out of it, and returns the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from migrate import interrupts
from migrate.output import exits, proofs
from migrate.output.runs import has_tensorflow, no_tensorflow, telling
from migrate.report.text import visible


def run_verify(
    old: Path | None, new: Path | None, *, style: str, manifest: Path | None, output: Path | None, **options: Any
) -> int:
    """`verify`, of one pair or of all in a manifest."""
    how = {name: options.pop(name) for name in ('old_python', 'new_python')}
    timeout, memory, jobs = (options.pop(name) for name in ('timeout', 'memory', 'jobs'))
    how |= {'timeout': timeout} if timeout else {}
    how |= {'memory': int(memory * 1e9)} if memory else {}
    if manifest:
        if old or new or options['inputs'] or options['replay'] or options['save'] or options['seed']:
            raise click.UsageError('--manifest says what is verified: it goes without OLD and NEW, inputs and seed.')
        workers = max(1, jobs // 2)  # there are two sides
        same = {'tolerances': _tolerances(options), **{name: options[name] for name in ('both_loaders', 'tags')}}
        return _verify_manifest(manifest, output, style, same, **how, jobs=workers)
    if not (old and new) or output:
        raise click.UsageError('It takes OLD and NEW, or --manifest, to which --output belongs.')
    return _verify_pair(old, new, style, tolerances=_tolerances(options), **how, **options)


def _tolerances(options: dict[str, Any]) -> tuple[Any, ...]:
    from migrate.commands.pairs import tolerances

    return tolerances(options.pop('atol'), options.pop('rtol'))


def _verify_pair(old: Path, new: Path, style: str, **options: Any) -> int:
    from migrate.verify import Verdict, verify

    not_stored: list[OSError] = []
    misuse: list[str] = []
    with interrupts.saying(lambda: 'nothing is proven'), telling() as say:
        verification = verify(old, new, progress=say, on_error=not_stored.append, on_misuse=misuse.append, **options)
    if misuse:
        raise exits.Failure(visible(misuse[0]))
    if style == 'json':
        proofs.show_json('verification', verification)
    elif verification.signatures:
        proofs.show_verification(verification)
    if verification.verdict is Verdict.ERROR:
        if style == 'json' or not verification.signatures:
            exits.show_error(verification.message)
        if not (options.get('old_python') and options.get('new_python')) and not has_tensorflow():
            click.echo(no_tensorflow('--old-python, --new-python'), err=True)
    for error in not_stored:
        exits.show_error(f'the result is not stored: {exits.message_of(error)}')
    return exits.worst(verification.verdict.exit_code, *(exits.FAILED for _ in not_stored))


def _verify_manifest(manifest: Path, output: Path | None, style: str, same: dict[str, Any], **options: Any) -> int:
    """All pairs in a manifest; `same` are fields of Pair that are the same for all."""
    from migrate.output.manifests import read_manifest, verify_manifest

    return verify_manifest(read_manifest(manifest, **same), output, style, **options)

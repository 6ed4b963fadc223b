"""Diffs on stdout: for `patch` byte by byte, on a terminal in colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from migrate.codemod import Outcome
from migrate.report.diff import unified
from migrate.report.text import visible

_BYTE_BY_BYTE = 'latin-1'
"""The one encoding that takes every byte, and gives it back: a patch has the encoding of the file it is for."""
_COLOURS = {'+': 'green', '-': 'red', '@': 'cyan'}


def diff_bytes(outcome: Outcome) -> bytes:
    """The unified diff of a file, in the file's own encoding, and of the support files that come with it.

    Empty where nothing changed.
    """
    new = b''.join(_new_file(outcome, path, source) for path, source in outcome.placed)
    return new + _diff(outcome.report.path, outcome.before, outcome.after)


def placed_name(outcome: Outcome, path: Path) -> str:
    """A support file's path, relative if that of the rewritten file is."""
    return path.as_posix() if os.path.isabs(outcome.report.path) else Path(os.path.relpath(path)).as_posix()


def _new_file(outcome: Outcome, path: Path, source: bytes) -> bytes:
    name = placed_name(outcome, path)
    old, diff = b'--- /dev/null\n', _diff(name, b'', source)
    return old + diff.partition(b'\n')[2]


def _diff(path: str, before: bytes, after: bytes) -> bytes:
    path = path.lstrip('/')
    # With a blank in it, where the name ends has to be shown: `patch` takes the tab for that.
    name = os.fsencode(f'{path}\t' if ' ' in path else path).decode(_BYTE_BY_BYTE)
    return unified(before.decode(_BYTE_BY_BYTE), after.decode(_BYTE_BY_BYTE), name).encode(_BYTE_BY_BYTE)


def with_diffs(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes as they are, the diff of each printed on the way."""
    for outcome in outcomes:
        print_diff(outcome)
        yield outcome


def print_diff(outcome: Outcome) -> None:
    """Prints the diff: as it is into a file or a pipe, coloured and with nothing invisible on a terminal."""
    if not outcome.changed:
        return
    if not sys.stdout.isatty():
        click.echo(diff_bytes(outcome), nl=False)
        return
    for line in diff_bytes(outcome).decode('utf-8', 'replace').removesuffix('\n').split('\n'):
        click.echo(click.style(visible(line), fg=_COLOURS.get(line[:1])))

"""Diffs on stdout: for `patch` byte by byte, on a terminal in colour."""

from __future__ import annotations

import os
import re
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
_WIDEST = 1_000
"""A terminal shows no more of a line: the data in some sources would fill it for minutes."""
_QUOTED = re.compile(r'[\x00-\x1f\x7f"\\]')


def diff_bytes(outcome: Outcome) -> bytes:
    """The unified diff of a file, in the file's own encoding, and of the support files that come with it.

    Empty where nothing changed.
    """
    new = b''.join(_new_file(outcome, path, source) for path, source in outcome.placed)
    return new + _diff(outcome.report.path, outcome.before, outcome.after)


def placed_names(outcome: Outcome) -> list[str]:
    """The support files that come with a file, as a reader can see them."""
    return [visible(placed_path(outcome, path)).replace('\n', '\\n') for path, _ in outcome.placed]


def placed_path(outcome: Outcome, path: Path) -> str:
    """A support file's path, relative if that of the rewritten file is."""
    return path.as_posix() if os.path.isabs(outcome.report.path) else Path(os.path.relpath(path)).as_posix()


def _new_file(outcome: Outcome, path: Path, source: bytes) -> bytes:
    name = placed_path(outcome, path)
    old, diff = b'--- /dev/null\n', _diff(name, b'', source)
    return old + diff.partition(b'\n')[2]


def _diff(path: str, before: bytes, after: bytes) -> bytes:
    path = path.lstrip('/')
    # With a blank in it, where the name ends has to be shown: `patch` takes the tab for that.
    name = os.fsencode(f'{path}\t' if ' ' in path else path).decode(_BYTE_BY_BYTE)
    diff = unified(before.decode(_BYTE_BY_BYTE), after.decode(_BYTE_BY_BYTE), name)
    if diff and _QUOTED.search(path):
        hunks = diff.removeprefix(f'--- a/{name}\n+++ b/{name}\n')
        diff = f'--- {_quoted(f"a/{path}")}\n+++ {_quoted(f"b/{path}")}\n{hunks}'
    return diff.encode(_BYTE_BY_BYTE)


def _quoted(path: str) -> str:
    """A name that could not stand in a line, as git and `patch` write and read it."""
    name = os.fsencode(path).decode(_BYTE_BY_BYTE)
    return '"' + _QUOTED.sub(lambda match: f'\\{ord(match[0]):03o}', name) + '"'


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
        shown = visible(line if len(line) <= _WIDEST else f'{line[:_WIDEST]}…')
        click.echo(click.style(shown, fg=_COLOURS.get(line[:1])))

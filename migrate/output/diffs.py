"""Diffs on stdout: for `patch` byte by byte, on a terminal in colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

import click

from migrate.codemod import Outcome
from migrate.report.diff import unified
from migrate.report.text import visible

_BYTE_BY_BYTE = 'latin-1'
"""The one encoding that takes every byte, and gives it back: a patch has the encoding of the file it is for."""
_COLOURS = {'+': 'green', '-': 'red', '@': 'cyan'}


def diff_bytes(outcome: Outcome) -> bytes:
    """The unified diff of a file, in the file's own encoding; empty where nothing changed."""
    path = outcome.report.path.lstrip('/')
    # With a blank in it, where the name ends has to be shown: `patch` takes the tab for that.
    name = os.fsencode(f'{path}\t' if ' ' in path else path).decode(_BYTE_BY_BYTE)
    diff = unified(outcome.before.decode(_BYTE_BY_BYTE), outcome.after.decode(_BYTE_BY_BYTE), name)
    return diff.encode(_BYTE_BY_BYTE)


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

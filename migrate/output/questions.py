"""Asks about each change before it is written: shows its diff, and takes an answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from migrate.codemod import Outcome
from migrate.output.diffs import print_diff
from migrate.report.sources import at_line
from migrate.report.text import counted, visible

_ANSWERS = {
    'y': 'write this change',
    'n': 'leave this file as it is',
    'a': 'write this change and all that follow',
    'q': 'leave this file and all that follow as they are',
}
_ESTIMATORS = 'estimator_module'
"""What files import, once they are rewritten, that work with Estimators."""


def can_ask() -> bool:
    """Whether there is somebody to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


class Questions:
    """Answers for one change after the other: whether it is to be written."""

    def __init__(self) -> None:
        self._for_all: bool | None = None
        self._declined: list[Outcome] = []
        self._accepted: list[Outcome] = []

    def __call__(self, outcome: Outcome) -> bool:
        is_wanted = self._ask(outcome) if self._for_all is None else self._for_all
        (self._accepted if is_wanted else self._declined).append(outcome)
        return is_wanted

    def left(self) -> Iterator[str]:
        """What there is to say in the end of the files that stay as they are."""
        if self._declined:
            number = counted(len(self._declined), 'file')
            yield f'{number} could be rewritten, and {"stays" if len(self._declined) == 1 else "stay"} as you answered.'
        written, left = map(_with_estimators, (self._accepted, self._declined))
        if written and left:
            yield (
                f'Of the files that work with Estimators, {", ".join(written)} changed, and {", ".join(left)} did not: '
                'those that share some run only together. Run `savedmodel-migrate rewrite` for the rest, or '
                '`savedmodel-migrate undo`.'
            )

    def _ask(self, outcome: Outcome) -> bool:
        print_diff(outcome)
        for finding in outcome.report.findings:
            of = f'{at_line(outcome.report, finding.place)}: {finding.code} [{finding.confidence.value}]'
            click.echo(visible(f'{of} {finding.message}'))
        if _ESTIMATORS in outcome.support_modules:
            click.echo('It works with Estimators that other files work with too: answer the same for all of these.')
        answer = self._answer(outcome)
        if answer in 'aq':
            self._for_all = answer == 'a'
        return answer in 'ya'

    def _answer(self, outcome: Outcome) -> str:
        while True:
            answer = _prompt(f'Rewrite {visible(outcome.report.path)}? [y,n,a,q,?]').strip().lower()
            if answer in _ANSWERS:
                return answer
            for letter, meaning in _ANSWERS.items():
                click.echo(f'    {letter}: {meaning}')


def _with_estimators(outcomes: list[Outcome]) -> list[str]:
    return [visible(outcome.report.path) for outcome in outcomes if _ESTIMATORS in outcome.support_modules]


def _prompt(text: str) -> str:
    try:
        return str(click.prompt(text, prompt_suffix=' ', show_default=False))
    except click.Abort:
        raise KeyboardInterrupt from None

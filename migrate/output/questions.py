"""Asks about each change before it is written: shows its diff, and takes an answer."""

from __future__ import annotations

import click

from migrate.codemod import Outcome
from migrate.output.diffs import print_diff
from migrate.report.text import visible

_ANSWERS = {
    'y': 'write this change',
    'n': 'leave this file as it is',
    'a': 'write this change and all that follow',
    'q': 'leave this file and all that follow as they are',
}


class Questions:
    """Answers for one change after the other: whether it is to be written."""

    def __init__(self) -> None:
        self._for_all: bool | None = None

    def __call__(self, outcome: Outcome) -> bool:
        if self._for_all is not None:
            return self._for_all
        print_diff(outcome)
        for finding in outcome.report.findings:
            of = f'line {finding.place.line}: {finding.code} [{finding.confidence.value}]'
            click.echo(visible(f'{of} {finding.message}'))
        if 'estimator_module' in outcome.support_modules:
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


def _prompt(text: str) -> str:
    try:
        return str(click.prompt(text, prompt_suffix=' ', show_default=False))
    except click.Abort:
        raise KeyboardInterrupt from None

"""What the codes of findings mean, for `explain` and for whoever selects findings by their code."""

from __future__ import annotations

import difflib
import textwrap

import click

from rewriters.explanations import EXPLANATIONS
from rewriters.findings import CODE_INDENT

_WIDTH = 100


def explanation(code: str) -> str:
    """What is to be said of one code, or of all that begin with it."""
    begun = known_code(code)
    return '\n\n'.join(_about(known) for known in sorted(EXPLANATIONS) if known.startswith(begun))


def _about(code: str) -> str:
    about = EXPLANATIONS[code]
    return '\n\n'.join([f'{click.style(code, bold=True)}: {about.title}', *map(_filled, about.paragraphs)])


def _filled(paragraph: str) -> str:
    is_prose = not paragraph.startswith((CODE_INDENT, 'https://'))
    return textwrap.fill(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False) if is_prose else paragraph


def overview() -> str:
    """Every code with its title."""
    return '\n'.join(f'{code}  {EXPLANATIONS[code].title}' for code in sorted(EXPLANATIONS))


def index_page() -> str:
    """docs/codes.md: every code with its title, and the way to its page."""
    rows = '\n'.join(f'| [{code}](codes/{code}.md) | {EXPLANATIONS[code].title} |' for code in sorted(EXPLANATIONS))
    return (
        '# Codes of findings\n\n'
        'Made by `scripts/write_docs` from the texts that stand where the codes are defined. What a code means, why it '
        'matters and what to do is also said by\n\n'
        f'```sh\nsavedmodel-migrate explain {min(EXPLANATIONS)}\n```\n\n'
        'and by the report, for those that it has.\n\n'
        f'| | |\n|---|---|\n{rows}\n'
    )


def code_page(code: str) -> str:
    """docs/codes/CODE.md: what `explain` says."""
    about = EXPLANATIONS[code]
    return '\n\n'.join([f'# {code}: {about.title}', *map(_linked, about.paragraphs), '[All codes](../codes.md)']) + '\n'


def _linked(paragraph: str) -> str:
    is_link = paragraph.startswith('https://')
    return '\n'.join(f'<{link}>' for link in paragraph.split('\n')) if is_link else paragraph


def known_code(code: str) -> str:
    """The code, or the beginning of codes, as it is written; UsageError where there is none like it."""
    code = code.strip().upper()
    if not code or not any(known.startswith(code) for known in EXPLANATIONS):
        near = difflib.get_close_matches(code, EXPLANATIONS, n=1)
        way_on = f'Did you mean {near[0]}?' if near else '`savedmodel-migrate explain` lists all.'
        raise click.UsageError(f'There is no code {code}. {way_on}')
    return code

"""`explain`: every code is explained, and every code that is spoken of is there."""

import ast
import re
import textwrap
from pathlib import Path

import pytest

from migrate.cli import commands
from tests.migrate.command import run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def codes() -> list[str]:
    return [line.split()[0] for line in run('explain').stdout.splitlines()]


class TestExplain:
    SOURCES = tuple(path for package in ('rewriters', 'migrate') for path in sorted((ROOT / package).rglob('*.py')))

    def test_lists_every_code_in_a_line(self, codes: list[str]) -> None:
        assert len(codes) > 15
        assert codes == sorted(codes)
        assert all(len(line) <= 80 for line in run('explain').stdout.splitlines())

    def test_knows_every_code_that_is_spoken_of(self, codes: list[str]) -> None:
        kinds = '|'.join(sorted({re.sub(r'\d', '', code) for code in codes}))
        texts = [path.read_text(encoding='utf-8') for path in (*self.SOURCES, ROOT / 'README.md')]
        spoken_of = {code for text in texts for code in re.findall(rf'\b(?:{kinds})\d+\b', text)}
        assert spoken_of - set(codes) == set()

    def test_no_finding_has_a_code_that_was_not_explained(self) -> None:
        """Codes are what `explain` returns: none is written out where a finding is made."""
        for path in self.SOURCES:
            for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == 'Finding':
                    assert isinstance(node.args[0], ast.Name | ast.Attribute), (path, node.lineno)

    def test_each_says_what_to_do_and_where_to_read_on(self, codes: list[str]) -> None:
        for code in codes:
            result = run('explain', code.lower())
            assert result.exit_code == 0
            assert result.stdout.startswith(f'{code}: ')
            assert '\n\nTo do' in result.stdout, code
            assert result.stdout.splitlines()[-1].startswith('https://'), code
            assert all(len(line) <= 100 for line in result.stdout.splitlines()), code

    def test_the_beginning_of_codes_stands_for_all_of_them(self, codes: list[str]) -> None:
        loads = [code for code in codes if code.startswith('LOAD')]
        assert run('explain', 'load').stdout == run('explain', *loads).stdout
        assert len(loads) > 3

    def test_its_examples_are_python(self, codes: list[str]) -> None:
        for code in codes:
            paragraphs = re.split(r'\n\n(?! )', run('explain', code).stdout)
            for example in re.findall(r'(?:^    .*\n|^\n(?=    ))+', '\n\n'.join(paragraphs) + '\n', re.MULTILINE):
                ast.parse(textwrap.dedent(example))

    def test_it_sends_nobody_to_commands_or_codes_that_are_not_there(self, codes: list[str]) -> None:
        text = run('explain', *codes).stdout
        named = set(re.findall(r'`savedmodel-migrate\s+(\w+)', text))
        assert named <= set(commands.commands)

    @pytest.mark.parametrize(
        ('wrong', 'near'),
        [('EXP110', 'EXP10'), ('load910', 'LOAD90'), ('E901', 'E'), ('NAMS', 'NAM'), ('LOADX', 'LOAD')],
    )
    def test_unknown(self, wrong: str, near: str) -> None:
        result = run('explain', wrong)
        assert (result.exit_code, result.stdout) == (2, '')
        assert f'There is no code {wrong.upper()}. Did you mean {near}' in result.stderr

    def test_unknown_and_like_none(self) -> None:
        result = run('explain', 'W605')
        assert (result.exit_code, result.stdout) == (2, '')
        assert '`savedmodel-migrate explain` lists all.' in result.stderr

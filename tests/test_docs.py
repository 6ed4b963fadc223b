"""The documentation says what is so: its commands run, its links lead somewhere, its list of codes is whole."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from migrate.cli import commands
from migrate.config import read_settings
from migrate.output.explanations import code_page, index_page
from rewriters.explanations import EXPLANATIONS

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / 'docs').glob('*.md'))
FENCED = re.compile(r'^```(\w+)\n(.*?)^```', re.MULTILINE | re.DOTALL)
EXPORT = (ROOT / 'sample_projects' / 'add_two_simple_save' / 'export.py').read_bytes()
NEEDS_TENSORFLOW = ('prove', 'verify', 'convert')


def blocks(page: Path, language: str) -> list[str]:
    return [text for name, text in FENCED.findall(page.read_text(encoding='utf-8')) if name == language]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository such as the pages speak of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr('migrate.output.questions.can_ask', lambda: True)
    for name in ('src', 'old-export', 'new-export', 'tf1/bin'):
        (tmp_path / name).mkdir(parents=True)
    for name in ('old-export', 'new-export'):
        (tmp_path / name / 'saved_model.pb').touch()
    (tmp_path / 'tf1/bin/python').touch(mode=0o755)
    (tmp_path / 'src/export.py').write_bytes(EXPORT)
    return tmp_path


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.name)
def test_commands_run(page: Path, repository: Path) -> None:
    lines = [line for block in blocks(page, 'sh') for line in block.splitlines()]
    lines += [line for block in blocks(page, 'yaml') for line in re.findall(r'run: (savedmodel-migrate .*)', block)]
    for line in lines:
        program, name, *arguments = shlex.split(line.replace(' || test $? -eq 1', ''))
        assert program == 'savedmodel-migrate'
        arguments = arguments[: arguments.index('>')] if '>' in arguments else arguments
        if name in NEEDS_TENSORFLOW:
            command = commands.commands[name]
            command.make_context(name, arguments, parent=click.Context(commands))  # fails for a wrong option
            continue
        result = CliRunner().invoke(commands, [name, *arguments], input='y\n')
        assert result.exit_code in (0, 1), (line, result.output)


def test_hooks_run(repository: Path) -> None:
    """As pre-commit runs them: with the files that are being committed, which git has not committed yet."""
    subprocess.run(['git', 'init', '-q'], check=True)
    (repository / 'third_party.py').write_bytes(EXPORT)
    (repository / 'pyproject.toml').write_text('[tool.savedmodel-migrate]\nexclude = ["third_party.py"]\n')
    subprocess.run(['git', 'add', '.'], check=True)
    check, fix = re.findall(r'entry: savedmodel-migrate (.*)', (ROOT / '.pre-commit-hooks.yaml').read_text())

    def run(entry: str) -> int:
        return CliRunner().invoke(commands, [*entry.split(), 'src/export.py', 'third_party.py']).exit_code

    assert run(check) == 1
    assert run(fix) == 0
    assert (repository / 'src/export.py').read_bytes() != EXPORT
    assert run(check) == 0
    assert (repository / 'third_party.py').read_bytes() == EXPORT


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.name)
def test_settings_can_be_read(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, 'toml'):
        (tmp_path / 'pyproject.toml').write_text(block, encoding='utf-8')
        assert read_settings(tmp_path) is not None


@pytest.mark.parametrize('page', [*PAGES, ROOT / 'README.md'], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r'\]\(([^)#:]+)\)', page.read_text(encoding='utf-8')):
        assert (page.parent / link).exists(), link


def test_every_code_has_its_page() -> None:
    pages = {path.stem: path.read_text(encoding='utf-8') for path in (ROOT / 'docs' / 'codes').glob('*.md')}
    assert pages == {code: code_page(code) for code in EXPLANATIONS}, 'run scripts/write_docs'
    assert (ROOT / 'docs' / 'codes.md').read_text(encoding='utf-8') == index_page(), 'run scripts/write_docs'


def test_every_room_that_the_architecture_names_is_there() -> None:
    text = (ROOT / 'docs' / 'architecture.md').read_text(encoding='utf-8')
    table = text[text.index('| Where') :].split('\n\n')[0]
    for name in re.findall(r'`(\w+)/?`', '\n'.join(row.split('|')[1] for row in table.splitlines())):
        room = ROOT / 'migrate' / name
        assert room.is_dir() or room.with_suffix('.py').is_file(), name

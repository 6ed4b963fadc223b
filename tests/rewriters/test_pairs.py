"""Every pair in pairs/: what the rewrite makes of the file before is the file after, in any newline and indentation."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from rewriters import rewrite

PAIRS = Path(__file__).parent / 'pairs'
BEFORE, AFTER = '_before.py', '_after.py'
NAMES = sorted(str(path.relative_to(PAIRS)).removesuffix(BEFORE) for path in PAIRS.rglob('*' + BEFORE))


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The two files of a pair."""
    before = (PAIRS / (request.param + BEFORE)).read_bytes().decode()
    return before, (PAIRS / (request.param + AFTER)).read_bytes().decode()


def rewritten(source: str) -> str:
    return rewrite(source.encode()).source.decode()


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def with_tabs(source: str) -> str:
    return re.sub(r'^( {4})+', lambda spaces: '\t' * (len(spaces.group()) // 4), source, flags=re.MULTILINE)


def indents(source: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.string for token in tokens if token.type == tokenize.INDENT}


def without_indentation(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines()]


def test_every_file_belongs_to_a_pair() -> None:
    files = {str(path.relative_to(PAIRS)) for path in PAIRS.rglob('*.py')}
    assert files == {name + suffix for name in NAMES for suffix in (BEFORE, AFTER)}
    assert len(NAMES) > 30


def test_the_first_line_says_what_the_pair_shows(pair: tuple[str, str]) -> None:
    lines = [line for line in pair[0].splitlines() if not line.startswith('#!')]
    assert re.match(r'"""[A-Za-z`].*\."""$|# [A-Z].*\.$', lines[0])


def test_before_becomes_after(pair: tuple[str, str]) -> None:
    before, after = pair
    assert rewritten(before) == after


def test_after_compiles_under_python_3(pair: tuple[str, str]) -> None:
    compile(pair[1], 'after.py', 'exec', dont_inherit=True)


def test_every_export_is_reported_as_rewritten(pair: tuple[str, str]) -> None:
    result = rewrite(pair[0].encode())
    assert result.exports
    assert all(export.writer for export in result.exports)
    codes = [finding.code for finding in result.findings if finding.code.startswith('EXP')]
    assert len(codes) == len(result.exports)
    assert set(codes) <= {'EXP101', 'EXP102'}


def test_a_second_rewrite_changes_and_finds_nothing(pair: tuple[str, str]) -> None:
    result = rewrite(pair[1].encode())
    assert result.source.decode() == pair[1]
    assert not result.findings
    assert not result.exports


def test_comments_are_kept(pair: tuple[str, str]) -> None:
    before, after = pair
    assert comments(before) <= comments(after)


def test_windows_newlines_are_kept(pair: tuple[str, str]) -> None:
    before, after = pair
    assert rewritten(before.replace('\n', '\r\n')) == after.replace('\n', '\r\n')


def test_tabs_are_kept(pair: tuple[str, str]) -> None:
    before, after = pair
    result = rewritten(with_tabs(before))
    compile(result, 'tabs.py', 'exec', dont_inherit=True)
    assert without_indentation(result) == without_indentation(after)
    assert len({indent[0] for indent in [*indents(with_tabs(before)), *indents(result)]}) <= 1 or not indents(before)
    assert comments(before) <= comments(result)

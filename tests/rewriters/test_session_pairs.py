"""Every pair in session_pairs/: an export that keeps its session, before the rewrite and after."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from rewriters import Confidence, rewrite
from rewriters.outcome import Writer

PAIRS = Path(__file__).parent / 'session_pairs'
BEFORE, AFTER = '_before.py', '_after.py'
NAMES = sorted(path.name.removesuffix(BEFORE) for path in PAIRS.glob('*' + BEFORE))
# What a person must check, by the pair; the others have nothing to check.
REVIEWS = {
    'across_methods': ['always saved after that'],
    'branches': ['the init op', 'saved_model.pbtxt'],
    'folder_mentioned': ['must now be empty'],
    'init_op_given': ['the init op'],
    'names_of_tensors': ['called after tensors (`tensor.op.name`)', 'Line 17 hands on `self.x.name`'],
    'narrowed_later': ['disable_v2_behavior'],
    'of_the_module': ['must now be empty'],
    'placeholder_not_fed': ['calls of that signature fail'],
    'result_kept': ['disable_v2_behavior'],
    'saver_made_elsewhere': ['`saver=` is gone'],
    'tensorflow_handed_out': ['is TensorFlow'],
    'version_asked': ['Line 6 asks for the version'],
    'version_imported': ['Line 5 asks for the version'],
    'several_tag_sets': ['a loader that asks for these tags'],
}


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The two files of a pair."""
    before = (PAIRS / (request.param + BEFORE)).read_bytes().decode()
    return before, (PAIRS / (request.param + AFTER)).read_bytes().decode()


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def test_every_file_belongs_to_a_pair() -> None:
    assert {path.name for path in PAIRS.glob('*.py')} == {name + suffix for name in NAMES for suffix in (BEFORE, AFTER)}
    assert len(NAMES) >= 12


def test_the_first_line_says_what_the_pair_shows(pair: tuple[str, str]) -> None:
    assert re.match(r'"""[A-Za-z`].*\."""$', pair[0].splitlines()[0])


def test_before_becomes_after(pair: tuple[str, str]) -> None:
    before, after = pair
    result = rewrite(before.encode())
    assert result.source.decode() == after
    assert result.support_modules == ('session_module',)
    assert {export.writer for export in result.exports} == {Writer.SESSION.value}
    compile(after, 'after.py', 'exec', dont_inherit=True)


def test_a_second_rewrite_changes_and_finds_nothing(pair: tuple[str, str]) -> None:
    result = rewrite(pair[1].encode())
    assert result.source.decode() == pair[1]
    assert not [finding for finding in result.findings if finding.code.startswith('EXP')]


def test_comments_and_newlines_are_kept(pair: tuple[str, str]) -> None:
    before, after = pair
    assert comments(before) <= comments(after)
    assert rewrite(before.replace('\n', '\r\n').encode()).source.decode() == after.replace('\n', '\r\n')


@pytest.mark.parametrize('name', NAMES)
def test_what_a_person_must_check(name: str) -> None:
    result = rewrite((PAIRS / (name + BEFORE)).read_bytes())
    findings = [finding for finding in result.findings if finding.code == 'EXP103']
    assert len(findings) == len(result.exports)
    expected = REVIEWS.get(name, [])
    wanted = Confidence.REVIEW if expected else Confidence.EQUIVALENT
    assert {finding.confidence for finding in findings} == {wanted}
    for words in expected:
        assert words.lower() in findings[0].advice.lower()


def test_a_python_function_is_said_to_stop_the_export() -> None:
    source = (PAIRS / 'placeholder_not_fed_before.py').read_text()
    source = source.replace('x * w - label', 'tf.py_func(double, [x], tf.float32)')
    (finding,) = rewrite(source.encode()).findings
    assert finding.confidence is Confidence.REVIEW
    assert 'the export raises a ValueError' in finding.advice

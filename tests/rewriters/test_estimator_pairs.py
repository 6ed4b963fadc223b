"""Every pair in estimator_pairs/: what the rewrite makes of the file before is the file after.

The pairs were proven as well: exported by TF 1.15 before and by TF 2.21 after, from one checkpoint, and compared.
"""

from __future__ import annotations

import functools
import io
import re
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from rewriters import Confidence, Rewrite, rewrite

PAIRS = Path(__file__).parent / 'estimator_pairs'
BEFORE, AFTER = '_before.py', '_after.py'
NAMES = sorted(path.name.removesuffix(BEFORE) for path in PAIRS.glob('*' + BEFORE))
# Comments of code for evaluation, which is gone.
OF_EVALUATION = {'# nobody evaluates', '# Add evaluation metrics (for EVAL mode)'}


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The two files of a pair."""
    return tuple((PAIRS / (request.param + suffix)).read_bytes().decode() for suffix in (BEFORE, AFTER))  # type: ignore[return-value]


@functools.cache
def rewrite_of(source: str) -> Rewrite:
    return rewrite(source.encode())


def rewritten(source: str) -> str:
    return rewrite_of(source).source.decode()


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def with_tabs(source: str) -> str:
    return re.sub(r'^( {4})+', lambda spaces: '\t' * (len(spaces.group()) // 4), source, flags=re.MULTILINE)


def without_indentation(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines()]


def test_every_file_belongs_to_a_pair() -> None:
    assert {path.name for path in PAIRS.glob('*.py')} == {name + suffix for name in NAMES for suffix in (BEFORE, AFTER)}
    assert len(NAMES) >= 14


def test_the_file_says_what_the_pair_shows(pair: tuple[str, str]) -> None:
    lines = [line for line in pair[0].splitlines() if not line.startswith('#!')]
    assert re.match(r'"""[A-Z`].*\."""$', lines[0])


def test_before_becomes_after(pair: tuple[str, str]) -> None:
    before, after = pair
    assert rewritten(before) == after


def test_after_compiles_and_names_no_estimator(pair: tuple[str, str]) -> None:
    compile(pair[1], 'after.py', 'exec', dont_inherit=True)
    assert 'tf.estimator' not in pair[1]


def test_every_export_is_rewritten_for_review(pair: tuple[str, str]) -> None:
    result = rewrite_of(pair[0])
    findings = [finding for finding in result.findings if finding.code.startswith('EST')]
    assert [(finding.code, finding.confidence) for finding in findings] == [
        ('EST101', Confidence.REVIEW) for _ in result.exports
    ]
    assert all(export.writer and export.signatures for export in result.exports)


def test_nothing_of_an_estimator_is_left_to_report(pair: tuple[str, str]) -> None:
    findings = rewrite_of(pair[0]).findings
    assert not [finding for finding in findings if finding.code in ('NAM201', 'NAM301')]


def test_a_second_rewrite_changes_and_finds_nothing(pair: tuple[str, str]) -> None:
    result = rewrite_of(pair[1])
    assert result.source.decode() == pair[1]
    assert not [finding for finding in result.findings if finding.code.startswith('EST')]


def test_comments_are_kept(pair: tuple[str, str]) -> None:
    before, after = pair
    assert set(comments(before) - comments(after)) <= OF_EVALUATION


def test_newlines_are_kept(pair: tuple[str, str]) -> None:
    before, after = (source.replace('\n', '\r\n') for source in pair)
    assert rewritten(before) == after


def test_tabs_are_kept(pair: tuple[str, str]) -> None:
    before, after = pair
    tabbed = rewritten(with_tabs(before))
    compile(tabbed, 'after.py', 'exec', dont_inherit=True)
    assert without_indentation(tabbed) == without_indentation(after)
    assert not [line for line in tabbed.splitlines() if line.startswith('    def ')]


def test_the_receiver_decides_which_signatures_there_are() -> None:
    result = rewrite_of((PAIRS / ('signatures_left_out' + BEFORE)).read_text())
    assert result.exports[0].signatures == (('serving_default', 'predict'),)
    (finding,) = (finding for finding in result.findings if finding.code == 'EST101')
    assert 'TensorFlow 1 leaves "classification" and "regression" out' in finding.advice


def test_a_lone_output_is_served_by_two_keys() -> None:
    result = rewrite_of((PAIRS / ('aliased_output' + BEFORE)).read_text())
    assert result.exports[0].signatures == (('best', 'predict'), ('serving_default', 'predict'))


def test_what_is_gone_without_training_is_said() -> None:
    result = rewrite_of((PAIRS / ('export_only' + BEFORE)).read_text())
    (finding,) = (finding for finding in result.findings if finding.code == 'EST101')
    assert 'what `model_fn` does for training is gone' in finding.advice

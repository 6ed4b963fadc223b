"""The forms that exports may take: what would need another one is left alone, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriters import Options, rewrite
from rewriters.options import FORMS

SAMPLES = Path(__file__).parents[2] / 'sample_projects'


@pytest.mark.parametrize(
    ('project', 'forms', 'expected'),
    [
        ('add_two_simple_save', FORMS, 'tf.function'),
        ('add_two_simple_save', ('graph function', 'session'), 'session'),
        ('add_two_simple_save', ('session',), 'session'),
        ('add_two_simple_save', ('graph function',), None),
        ('multiply_metagraph', ('graph function',), 'graph function'),
        ('multiply_metagraph', ('tf.function',), None),
        ('add_two_estimator', ('tf.function', 'session'), None),
    ],
)
def test_only_those_that_are_allowed_are_taken(project: str, forms: tuple[str, ...], expected: str | None) -> None:
    source = (SAMPLES / project / 'export.py').read_bytes()
    result = rewrite(source, Options(forms=forms))
    assert {export.writer for export in result.exports} == {expected}
    if expected is None:
        (said,) = [f.message for f in result.findings if 'the settings do not allow' in f.message]
        assert 'left alone' in said


def test_the_words_are_those_of_the_writers() -> None:
    from rewriters.outcome import Writer

    assert tuple(writer.value for writer in Writer) == FORMS

from __future__ import annotations

import pytest

from migrate.report.text import log_text, split_lines, visible


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('plain\ttext\n', 'plain\ttext\n'),
        ('日本語 é 👩‍🔬', '日本語 é 👩‍🔬'),
        ('a\x00b', 'a\\x00b'),
        ('access = "user\u202e"', 'access = "user\\u202e"'),
        ('\ud800', '\\ud800'),
    ],
)
def test_what_the_eye_would_miss_is_spelt_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ('log', 'shown'),
    [
        ('\x1b[1;31mError\x1b[0m: x\n', 'Error: x'),
        ('10%\r50%\r100%\r\ndone\r\n', '100%\ndone'),
        ('\x1b]0;title\x07text', 'text'),
    ],
)
def test_log_is_what_the_terminal_ended_with(log: str, shown: str) -> None:
    assert log_text(log) == shown


def test_lines_end_where_python_ends_them() -> None:
    assert split_lines('a\r\nb\rc\x0cd\u2028e\nf') == ['a\r\n', 'b\r', 'c\x0cd\u2028e\n', 'f']

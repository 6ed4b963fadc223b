from __future__ import annotations

import random
import re

import pytest

from migrate.report.diff import Block, line_counts, side_by_side, unified
from tests.migrate.report import samples


def shown(blocks: tuple[Block, ...]) -> list[tuple[str | None, str | None]]:
    rows = [row for block in blocks for row in block.rows]
    return [(row.old and row.old.text, row.new and row.new.text) for row in rows]


def applied(before: str, patch: str) -> str:
    """What `patch` makes of `before`: an independent reading of the unified format."""
    old = before.splitlines(keepends=True)
    result: list[str] = []
    position = 0
    for line in re.split(r'(?<=\n)', patch.replace('\n\\ No newline at end of file\n', '\0\n'))[2:]:
        if header := re.match(r'@@ -(\d+),(\d+) \+\d+,\d+ @@', line):
            start = int(header[1]) - (header[2] != '0')
            result += old[position:start]
            position = start
        elif line:
            sign, text = line[0], line[1:].replace('\0\n', '')
            if sign != '+':
                assert old[position] == text
                position += 1
            if sign != '-':
                result.append(text)
    return ''.join(result + old[position:])


def test_same_texts_have_no_diff() -> None:
    assert side_by_side('a\n', 'a\n') == ()
    assert unified('a\n', 'a\n', 'a.py') == ''


def test_versions_of_a_line_stand_side_by_side() -> None:
    before = 'import os\nsess = tf.Session(graph)\n'
    after = 'import os\nnew()\nother()\nsess = tf.compat.v1.Session(graph)\n'
    assert shown(side_by_side(before, after)) == [
        ('import os', 'import os'),
        (None, 'new()'),
        (None, 'other()'),
        ('sess = tf.Session(graph)', 'sess = tf.compat.v1.Session(graph)'),
    ]


def test_blank_lines_do_not_tear_a_change_in_two() -> None:
    blocks = side_by_side('a = 1\n\nb = 2\n', 'c = 3\n\nd = 4\n')
    assert [block.changed for block in blocks] == [True]


def test_context_is_three_lines_and_the_rest_is_folded() -> None:
    lines = [f'{n}\n' for n in range(40)]
    blocks = side_by_side(''.join(lines), ''.join([*lines[:20], 'new\n', *lines[21:]]))
    assert [(block.changed, block.folded, len(block.rows)) for block in blocks] == [
        (False, True, 17),
        (False, False, 3),
        (True, False, 1),
        (False, False, 3),
        (False, True, 16),
    ]


def test_nothing_is_folded_where_a_fold_would_hide_next_to_nothing() -> None:
    lines = [f'{n}\n' for n in range(11)]
    blocks = side_by_side(''.join(lines), ''.join([*lines[:5], 'new\n', *lines[6:]]))
    assert not any(block.folded for block in blocks)


def test_words_that_changed_are_marked_but_not_the_indentation() -> None:
    (block,) = side_by_side('        tf.gfile.Open(path)\n', '    tf.io.gfile.GFile(path)\n')
    (row,) = block.rows
    assert row.old
    assert row.new
    assert [piece.text for piece in row.old.pieces if piece.changed] == ['Open']
    assert [piece.text for piece in row.new.pieces if piece.changed] == ['.io', 'GFile']


def test_lines_count_as_python_counts_them() -> None:
    blocks = side_by_side('a = "\x0c\x85\u2028"\nb\n', 'a = "\x0c\x85\u2028"\nc\n')
    assert [line.number for line in blocks[-1].old_lines] == [2]


def test_changed_line_ends_are_named() -> None:
    (block,) = side_by_side('print(a)\r\n', 'print(a)\n')
    (row,) = block.rows
    assert row.old
    assert row.new
    assert (row.old.note, row.new.note) == ('CRLF', 'LF')


def test_counts_of_added_and_removed_lines() -> None:
    assert line_counts(side_by_side('a\nb\nc\n', 'a\nx\ny\nc\n')) == (2, 1)


def test_unified_diff_of_an_export() -> None:
    patch = unified(samples.BEFORE, samples.AFTER, 'a.py')
    assert patch.startswith('--- a/a.py\n+++ b/a.py\n@@ -4,31 +4,35 @@\n')
    assert applied(samples.BEFORE, patch) == samples.AFTER


@pytest.mark.parametrize(
    ('before', 'after'),
    [('', 'a\n'), ('a\n', ''), ('a', 'a\n'), ('a\n', 'a'), ('a\nb', 'c\nb'), ('a', 'b'), ('\n', ''), ('', 'a')],
)
def test_unified_diff_at_the_ends_of_a_file(before: str, after: str) -> None:
    assert applied(before, unified(before, after, 'a.py')) == after


@pytest.mark.parametrize('seed', range(60))
def test_diffs_of_random_edits_hold_both_texts(seed: int) -> None:
    draw = random.Random(seed)
    before = [draw.choice(['', '    x = 1', 'def f(a, b):', 'y = g(x)', ')', 'é = "日本"']) + '\n' for _ in range(60)]
    after = list(before)
    for _ in range(draw.randint(1, 12)):
        start = draw.randrange(len(after) + 1)
        after[start : start + draw.randint(0, 4)] = [f'new {n}\n' for n in range(draw.randint(0, 4))]
    if draw.random() < 0.3:
        after.append('no end')
    old_text, new_text = ''.join(before), ''.join(after)
    blocks = side_by_side(old_text, new_text)
    if blocks:
        assert ''.join(line.text + line.ending for block in blocks for line in block.old_lines) == old_text
        assert ''.join(line.text + line.ending for block in blocks for line in block.new_lines) == new_text
    assert applied(old_text, unified(old_text, new_text, 'a.py')) == new_text


def test_very_long_lines_are_compared_too() -> None:
    before = 'x = [' + ', '.join(map(str, range(50_000))) + ']\n'
    (block,) = side_by_side(before, before.replace(' 25000,', ' 0,'))
    (row,) = block.rows
    assert row.old
    assert [piece.text for piece in row.old.pieces if piece.changed] == ['25000']


def test_a_file_rewritten_from_end_to_end_is_no_problem() -> None:
    before = ''.join(f'a{n} = {n}\n' for n in range(2_000))
    after = ''.join(f'b{n} : {n}\n' for n in range(2_000))
    assert line_counts(side_by_side(before, after)) == (2_000, 2_000)

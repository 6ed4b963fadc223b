"""Findings point at the file as it was, even where names before them on the line were renamed."""

from __future__ import annotations

import textwrap

import pytest

from rewriters import rewrite
from rewriters.findings import Place
from rewriters.names import Edit, apply_edits
from rewriters.origins import Origins


def found(source: str, place: Place) -> str:
    """The text at a place of one line."""
    line = source.splitlines()[place.line - 1]
    end = place.end_column - 1 if place.end_line == place.line else None
    return line[place.column - 1 : end]


EXPORT = textwrap.dedent("""\
    import tensorflow as tf

    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None]); tf.saved_model.simple_save(sess, 'a', inputs={'x': x}, outputs={'y': x})
    """)


def test_a_finding_behind_renamed_names_on_its_line() -> None:
    result = rewrite(EXPORT.encode())
    findings = [finding for finding in result.findings if finding.code.startswith('EXP')]
    assert [finding.place.line for finding in findings] == [4]
    assert found(EXPORT, findings[0].place).startswith("tf.saved_model.simple_save(sess, 'a'")
    assert found(EXPORT, findings[0].place).endswith("outputs={'y': x})")
    assert result.exports[0].place == findings[0].place


@pytest.mark.parametrize('newline', ['\n', '\r\n'])
def test_places_do_not_depend_on_newlines(newline: str) -> None:
    places = [finding.place for finding in rewrite(EXPORT.replace('\n', newline).encode()).findings]
    assert places == [finding.place for finding in rewrite(EXPORT.encode()).findings]


def test_columns_count_characters() -> None:
    source = EXPORT.replace('x = tf', "größe = '😀'; x = tf")
    (finding,) = [f for f in rewrite(source.encode()).findings if f.code.startswith('EXP')]
    assert found(source, finding.place).startswith('tf.saved_model.simple_save')


def test_several_exports_each_at_its_own_place() -> None:
    source = textwrap.dedent("""\
        import tensorflow as tf

        def first():
            with tf.Graph().as_default(), tf.Session() as sess:
                x = tf.placeholder(tf.float32, [None])
                tf.saved_model.simple_save(sess, 'a', inputs={'x': x}, outputs={'y': tf.log(x)})

        def second():
            with tf.Graph().as_default(), tf.Session() as sess:
                x = tf.placeholder(tf.float32, [None])
                tf.saved_model.simple_save(sess, 'b', inputs={'x': x}, outputs={'y': tf.log(x)})
        """)
    places = [f.place for f in rewrite(source.encode()).findings if f.code.startswith('EXP')]
    assert [place.line for place in places] == [6, 11]
    assert all(found(source, place).startswith('tf.saved_model.simple_save(sess') for place in places)


def test_edits_that_grow_and_shrink() -> None:
    before = 'aa bb cc\ndd ee\n'
    edits = [Edit(0, 2, 'AAAA'), Edit(3, 5, 'B'), Edit(9, 11, 'D\nD')]
    after = apply_edits(before, edits)
    assert after == 'AAAA B cc\nD\nD ee\n'
    origins = Origins(before, after, edits)
    assert origins.place(Place(1, 8, 1, 10)) == Place(1, 7, 1, 9)
    assert origins.place(Place(3, 3, 3, 5)) == Place(2, 4, 2, 6)
    assert origins.place(Place(1, 3, 1, 6)) == Place(1, 1, 1, 4)


def test_without_edits_places_stay() -> None:
    place = Place(2, 1, 2, 3)
    assert Origins('a\nbcd\n', 'a\nbcd\n', []).place(place) is place

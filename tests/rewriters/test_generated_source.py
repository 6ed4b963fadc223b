"""Source that no person wrote, made from Python's grammar: nothing is said of it, and nothing changed."""

from __future__ import annotations

import hypothesmith
from hypothesis import HealthCheck, given, seed, settings

from rewriters import rewrite

# With it, a file is taken for one that may have to be changed: without it, only its bytes would be looked at.
IMPORT = b'\nimport tensorflow as tf\ntf.zeros\n'
# Brings the walks of the readers, and a tree of libcst, over all that stands before it.
EXPORT = b"""
import tensorflow.compat.v1 as tf1
def export():
    tf1.saved_model.simple_save(sess, folder, inputs, outputs)
"""


_SETTINGS = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@seed(8)
@_SETTINGS
@given(hypothesmith.from_grammar())
def test_nothing_is_said_or_changed(text: str) -> None:
    source = text.encode() + IMPORT
    result = rewrite(source)
    assert (result.source, result.findings, result.exports) == (source, (), ())


@seed(9)
@_SETTINGS
@given(hypothesmith.from_grammar())
def test_beside_an_export_it_stays_as_it_is(text: str) -> None:
    source = text.encode() + b'\n'
    result = rewrite(source + EXPORT)
    assert [export.writer for export in result.exports] == ['session']
    left = iter(result.source.splitlines(keepends=True))
    assert all(line in left for line in source.splitlines(keepends=True))

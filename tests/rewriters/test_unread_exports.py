"""Exports through names that may be TensorFlow: no reader looks at them, and a finding says why."""

from __future__ import annotations

import pytest

from rewriters import Confidence, rewrite

EITHER = """\
try:
    tf = try_import_tf()
except ImportError:
    import tensorflow as tf


"""
BUILDER = """\
def export(sess, x, y, folder):
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={
        'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})})
    builder.save()
"""
SIMPLE = """\
def export(sess, x, y, tf):
    tf.saved_model.simple_save(sess, 'export', {'x': x}, {'y': y})
"""


@pytest.mark.parametrize(
    ('source', 'reader', 'why'),
    [
        (EITHER + BUILDER, 'builder', '`tf`, which is bound more than once in this file'),
        ('from compat import tf\n' + BUILDER, 'builder', '`tf`, which comes from another module, `compat`'),
        ('tf = import_tf()\n' + BUILDER, 'builder', '`tf`, which comes from `import_tf()`'),
        (SIMPLE, 'simple_save', '`tf`, which comes from a caller'),
    ],
)
def test_it_is_left_alone_and_counted(source: str, reader: str, why: str) -> None:
    result = rewrite(source.encode())
    assert result.source.decode() == source
    (finding,) = (finding for finding in result.findings if finding.code == 'EXP901')
    assert finding.confidence is Confidence.MANUAL
    assert why in finding.message
    (export,) = result.exports
    assert (export.reader, export.place, export.writer) == (reader, finding.place, None)


@pytest.mark.parametrize(
    'source',
    [
        'from .compat import tf\n' + BUILDER,  # taken for TensorFlow's, with a word on that
        'import tensorflow as tf\n' + BUILDER,
        'tf = ThingFactory()\n\n\ntf.saved_model.write()\ntf.simple_save()\n',
    ],
)
def test_what_is_read_is_told_once(source: str) -> None:
    result = rewrite(source.encode())
    assert 'EXP901' not in [finding.code for finding in result.findings]
    assert all(export.writer for export in result.exports)

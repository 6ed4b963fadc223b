"""What a rewrite wrote, the next run finds no fault with."""

from __future__ import annotations

import pytest

from rewriters import rewrite

TABLE = """\
import tensorflow as tf


def export(model, words, folder):
    table = tf.contrib.lookup.index_table_from_tensor(words)
    with tf.Session() as sess:
        x = model.x
        tf.saved_model.simple_save(sess, folder, {'x': x}, {'y': table.lookup(x)}, tf.tables_initializer())
"""
TENSORS = """\
import tensorflow as tf


class Exporter:
    def export(self, folder):
        x = self.sess.graph.get_tensor_by_name('model/x:0')
        y = self.sess.graph.get_operation_by_name('model/y').outputs[0]
        tf.saved_model.simple_save(self.sess, folder, {'x': x}, {'y': y})
"""


@pytest.mark.parametrize('source', [TABLE, TENSORS])
def test_nothing_is_left_to_say(source: str) -> None:
    once = rewrite(source.encode())
    assert once.exports[0].writer == 'session'
    twice = rewrite(once.source)
    assert twice.source == once.source
    assert not twice.findings


def test_a_file_that_only_runs_a_model_is_told_of_its_names() -> None:
    source = "import tensorflow as tf\n\n\ndef f(graph):\n    return graph.get_tensor_by_name('model/x:0')\n"
    (finding,) = rewrite(source.encode()).findings
    assert finding.code == 'LOAD902'

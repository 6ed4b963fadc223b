"""A class that keeps its session, and the names of tensors, in attributes."""
import numpy
import tensorflow as tf


class Scorer(object):
    """Scores rows."""

    def __init__(self, export_dir):
        self._graph = tf.Graph()
        self._session = tf.Session(graph=self._graph)
        with self._graph.as_default():
            # The newest model.
            meta_graph = tf.saved_model.loader.load(self._session, ['serve'], export_dir)
        signature = meta_graph.signature_def['predict']
        self._rows = self._graph.get_tensor_by_name(signature.inputs['rows'].name)
        self._scores = self._graph.get_tensor_by_name(signature.outputs['scores'].name)

    def score(self, rows):
        return self._session.run(self._scores, feed_dict={self._rows: numpy.asarray(rows)})

    def close(self):
        self._session.close()

"""An asynchronous method, and a session that is closed at the end of a `try`."""
import numpy as np
import tensorflow as tf


class Scorer:
    def __init__(self, export_dir):
        tf.reset_default_graph()
        self.session = tf.Session()
        meta_graph = tf.saved_model.loader.load(self.session, ['serve'], export_dir)
        self.signature = meta_graph.signature_def['serving_default']

    async def score(self, rows):
        try:
            return self.session.run(
                fetches=self.signature.outputs['scores'].name,
                feed_dict={self.signature.inputs['rows'].name: np.stack(rows)})
        finally:
            self.session.close()

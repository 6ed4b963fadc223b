"""A class that keeps the signature itself, and looks names up at each run."""
import tensorflow as tf

SERVING = 'serving_default'


class Ranker:
    def __init__(self, model_dir):
        self.session = tf.Session(graph=tf.Graph())
        self.meta_graph_def = tf.saved_model.loader.load(self.session, ['serve'], model_dir)

    def rank(self, texts, size=8):
        signature = self.meta_graph_def.signature_def[SERVING]
        for start in range(0, len(texts), size):
            yield self.session.run(
                fetches=signature.outputs['scores'].name,
                feed_dict={
                    # As many as fit.
                    signature.inputs['input'].name: texts[start:start + size],
                },
            )

# expect: the builder is made in a `try`, and filled outside of it
import tensorflow as tf


class Exporter:
    def __init__(self, sess, folder):
        self.sess = sess
        try:
            self.builder = tf.saved_model.builder.SavedModelBuilder(folder)
        except AssertionError:
            self.sess = None

    def export(self, signatures):
        self.builder.add_meta_graph_and_variables(self.sess, ['serve'], signature_def_map=signatures)
        self.builder.save()

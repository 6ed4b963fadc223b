# expect: the builder `self.builder` may be filled more than once
import tensorflow as tf


class Exporter(object):
    def __init__(self, folder):
        self.builder = tf.saved_model.builder.SavedModelBuilder(folder)

    def add(self, sess, signatures):
        self.builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)

    def add_more(self, signatures):
        self.builder.add_meta_graph(['train'], signature_def_map=signatures)

    def save(self):
        self.builder.save()

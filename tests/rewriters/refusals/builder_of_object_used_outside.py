# expect: the builder `self.builder` has a use that is not understood
import tensorflow as tf


class Exporter(object):
    def __init__(self, folder):
        self.builder = tf.saved_model.builder.SavedModelBuilder(folder)

    def add(self, sess, signatures):
        self.builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)


exporter = Exporter('export')
exporter.builder.save()

# expect: the builder is not bound to a plain name
import tensorflow as tf


class Exporter(object):
    def __init__(self, folder):
        self.builder = tf.saved_model.builder.SavedModelBuilder(folder)

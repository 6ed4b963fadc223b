"""An export in a method that uses nothing of its object: the class stands before the object's class."""
import tensorflow as tf


class Exporter(object):
    """Writes the model."""

    def __init__(self, folder):
        self.folder = folder

    def export(self):
        with tf.Graph().as_default(), tf.Session() as sess:
            x = tf.placeholder(tf.float32, [None])
            y = tf.floor(x)
            tf.saved_model.simple_save(sess, self.folder, inputs={'x': x}, outputs={'y': y})


if __name__ == '__main__':
    Exporter('export').export()

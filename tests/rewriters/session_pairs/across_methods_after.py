"""The builder is an attribute: made, filled and saved in three methods."""
import tensorflow as tf
import session_module


class Exporter(object):
    def __init__(self, folder, version):
        # A folder for each version.
        self.builder_dir = '{}/{}'.format(folder, version)
        self.sess = tf.compat.v1.Session(graph=tf.Graph())

    def train(self):
        with self.sess.graph.as_default():
            x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
            slope = tf.Variable(1.0, name='slope')
            self.sess.run(tf.compat.v1.global_variables_initializer())
            self.sess.run(slope.assign(4.0))
            return {'slope': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x * slope})}

    def add(self, signatures):
        with self.sess.graph.as_default():
            session_module.save(
                self.sess, self.builder_dir, tags=[tf.saved_model.SERVING], signature_def_map=signatures)

    def close(self):
        self.sess.close()


exporter = Exporter('export', 3)
exporter.add(exporter.train())
exporter.close()

"""The builder is an attribute: made, filled and saved in three methods."""
import tensorflow as tf


class Exporter(object):
    def __init__(self, folder, version):
        # A folder for each version.
        self.builder = tf.saved_model.builder.SavedModelBuilder('{}/{}'.format(folder, version))
        self.sess = tf.Session(graph=tf.Graph())

    def train(self):
        with self.sess.graph.as_default():
            x = tf.placeholder(tf.float32, [None], name='x')
            slope = tf.Variable(1.0, name='slope')
            self.sess.run(tf.global_variables_initializer())
            self.sess.run(slope.assign(4.0))
            return {'slope': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x * slope})}

    def add(self, signatures):
        with self.sess.graph.as_default():
            self.builder.add_meta_graph_and_variables(
                self.sess, [tf.saved_model.tag_constants.SERVING], signature_def_map=signatures)

    def close(self):
        self.builder.save()
        self.sess.close()


exporter = Exporter('export', 3)
exporter.add(exporter.train())
exporter.close()

# expect: the session `self.sess` is not opened in the same block
import tensorflow as tf


class Model(object):
    def export(self):
        builder = tf.saved_model.builder.SavedModelBuilder('export')
        builder.add_meta_graph_and_variables(
            self.sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                'predict': tf.saved_model.signature_def_utils.predict_signature_def({'x': self.x}, {'y': self.y})})
        builder.save()

# expect: has a use that is not understood yet
import tensorflow as tf


def fill(builder, sess):
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={})


with tf.Session() as sess:
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    fill(builder, sess)
    builder.save()

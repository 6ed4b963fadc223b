"""The builder has the name of a module that is imported, and others in other functions."""
import tensorflow as tf
from tensorflow.python.saved_model import builder as saved_model_builder
from tensorflow.python.saved_model import signature_def_utils, tag_constants


def house(builder):
    return builder.upper()


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    offset = tf.get_variable('offset', initializer=1.5)
    sess.run(tf.global_variables_initializer())
    sess.run(offset.assign(-1.5))
    builder = saved_model_builder.SavedModelBuilder('export')
    signature = signature_def_utils.predict_signature_def({'x': x}, {'y': x + offset})
    builder.add_meta_graph_and_variables(sess, [tag_constants.SERVING], signature_def_map={'shift': signature})
    builder.save()

print(house('built'))

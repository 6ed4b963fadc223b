"""The builder has the name of a module that is imported, and others in other functions."""
import tensorflow as tf
from tensorflow.python.saved_model import builder as saved_model_builder
from tensorflow.python.saved_model import signature_def_utils, tag_constants
import session_module


def house(builder):
    return builder.upper()


with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
    x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    offset = tf.compat.v1.get_variable('offset', initializer=1.5)
    sess.run(tf.compat.v1.global_variables_initializer())
    sess.run(offset.assign(-1.5))
    signature = signature_def_utils.predict_signature_def({'x': x}, {'y': x + offset})
    session_module.save(sess, 'export', tags=[tag_constants.SERVING], signature_def_map={'shift': signature})

print(house('built'))

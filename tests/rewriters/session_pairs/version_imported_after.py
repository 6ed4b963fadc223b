"""The version of TensorFlow, imported by its own name, decides about a value: it will be another one."""
import tensorflow as tf
from tensorflow.version import VERSION
import session_module

IS_OLD = VERSION.startswith('1')


def train():
    with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
        x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
        w = tf.Variable(2.0 if IS_OLD else 3.0)
        y = w * x
        sess.run(tf.compat.v1.global_variables_initializer())
        for _ in range(3):
            sess.run(w.assign_add(1.0))
        session_module.simple_save(sess, 'export/imported', {'x': x}, {'y': y})


train()

"""The version of TensorFlow, imported by its own name, decides about a value: it will be another one."""
import tensorflow as tf
from tensorflow import VERSION

IS_OLD = VERSION.startswith('1')


def train():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        w = tf.Variable(2.0 if IS_OLD else 3.0)
        y = w * x
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(w.assign_add(1.0))
        tf.saved_model.simple_save(sess, 'export/imported', {'x': x}, {'y': y})


train()

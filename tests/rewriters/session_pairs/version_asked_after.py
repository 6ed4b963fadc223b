"""The version of TensorFlow decides about a value: it will be another one."""
import tensorflow as tf
import session_module

# What printing it says, nothing depends on.
print(tf.__version__)
if tf.__version__.startswith('1'):
    scale = 2.0
else:
    scale = 3.0


def train():
    with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
        x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
        w = tf.Variable(scale)
        y = w * x
        sess.run(tf.compat.v1.global_variables_initializer())
        for _ in range(3):
            sess.run(w.assign_add(1.0))
        session_module.simple_save(sess, 'export/version', {'x': x}, {'y': y})


train()

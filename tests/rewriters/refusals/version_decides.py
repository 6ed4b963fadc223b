# expect: `tf.__version__` is another one in TensorFlow 2
import tensorflow as tf


def net(value):
    if tf.__version__.startswith('1.'):
        value = value * 2.0
    return value


x = tf.placeholder(tf.float32, [None, 3])
y = net(x)
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

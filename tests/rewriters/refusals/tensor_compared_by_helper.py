# expect: `value == 3.` compares objects in TensorFlow 1 and elements in TensorFlow 2
import tensorflow as tf


def net(value):
    if value == 3.:
        return tf.zeros([])
    return value * 2.


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [])
    y = net(x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

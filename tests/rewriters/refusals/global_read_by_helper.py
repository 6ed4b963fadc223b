# expect: `SCALE` may change between the graph that reads it and the export
import tensorflow as tf

SCALE = 2.


def net(x):
    return x * SCALE


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = net(x)
    SCALE = 3.
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

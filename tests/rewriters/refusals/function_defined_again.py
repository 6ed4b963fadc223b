# expect: `net` may change between the graph that reads it and the export
import tensorflow as tf


def net(x):
    return x * 2


x = tf.placeholder(tf.float32, [None])
y = net(x)


def net(x):
    return x * 3


with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

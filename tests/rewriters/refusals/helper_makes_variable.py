# expect: `net` makes a tf.Variable, which wrap_function can't initialise
import tensorflow as tf


def net(value):
    weights = tf.Variable(tf.random_normal([3]), name='weights')
    return value * weights


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 3])
    y = net(x)
    saver = tf.train.Saver()
    saver.restore(sess, 'checkpoint/model')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: `tf.nn.dynamic_rnn` sets a caching device for variables, which wrap_function can't take
import tensorflow as tf


def encode(x):
    cell = tf.nn.rnn_cell.GRUCell(4)
    outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return state


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 5, 3])
    state = encode(x)
    saver = tf.train.Saver()
    saver.restore(sess, 'checkpoint/model')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'state': state})

# expect: is not a string written out here
import tensorflow as tf

KEY = 'first'


def choose(key):
    global KEY
    KEY = key


def export():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        tf.saved_model.simple_save(sess, 'export', inputs={KEY: x}, outputs={'y': x * 2})

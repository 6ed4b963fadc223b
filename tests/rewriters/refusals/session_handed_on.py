# expect: `sess` is used by code that is no part of the export
import tensorflow as tf


def warm_up(session):
    session.run('step:0')


x = tf.placeholder(tf.float32, [None])
y = x * 2
with tf.Session() as sess:
    warm_up(sess)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

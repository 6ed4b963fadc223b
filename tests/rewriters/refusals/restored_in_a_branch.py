# expect: `saver` is used by code that is no part of the export
import tensorflow as tf


def export(checkpoint):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        w = tf.Variable(0., name='w')
        y = x * w
        saver = tf.train.Saver()
        sess.run(tf.global_variables_initializer())
        if checkpoint:
            saver.restore(sess, checkpoint)
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

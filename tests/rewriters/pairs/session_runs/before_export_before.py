"""Runs of a served output become calls of the module, and give what they gave."""
import numpy as np
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    doubled = x * 2
    samples = np.arange(3)

    result = sess.run(doubled, feed_dict={x: samples})
    assert result.tolist() == [0., 2., 4.], result
    print('sum:', sess.run(doubled, {x: [1, 2.5]}).sum())

    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'doubled': doubled})
    print('after:', sess.run(doubled, {x: [7]}))

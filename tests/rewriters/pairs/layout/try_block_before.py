"""An export in a `try`: rewritten, with a review, because another exception means another thing now."""
import tensorflow as tf

try:
    x = tf.placeholder(tf.float32, [None])
    y = x / 4.
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
except AssertionError:
    print('there is an export already')

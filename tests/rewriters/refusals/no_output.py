# expect: has no output
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    tf.saved_model.simple_save(sess, 'export', {'x': x}, {})

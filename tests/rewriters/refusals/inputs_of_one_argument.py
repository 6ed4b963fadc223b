# expect: the input name "x_0" would be the same argument as another's
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = tf.placeholder(tf.float32, [None])
    tf.saved_model.simple_save(sess, 'export', inputs={'x:0': x, 'x_0': y}, outputs={'out': x * y})

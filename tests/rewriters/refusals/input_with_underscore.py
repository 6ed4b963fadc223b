# expect: the input name "_x" can't be an argument's
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    tf.saved_model.simple_save(sess, 'export', inputs={'_x': x}, outputs={'out': x * 2})

# expect: the dtype and shape of the input `x` can't be read
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x, factor = tf.placeholder(tf.float32, [None]), 3
    y = x * factor
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

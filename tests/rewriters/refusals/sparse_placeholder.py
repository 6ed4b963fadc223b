# expect: the dtype and shape of the input `x` can't be read
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.sparse_placeholder(tf.float32)
    y = tf.sparse_reduce_sum(x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

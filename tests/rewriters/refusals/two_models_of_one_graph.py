# expect: several models are exported from one graph
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    z = x * 3
    tf.saved_model.simple_save(sess, 'export/y', inputs={'x': x}, outputs={'y': y})
    tf.saved_model.simple_save(sess, 'export/z', inputs={'x': x}, outputs={'z': z})

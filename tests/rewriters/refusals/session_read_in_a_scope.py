# expect of the graph function: which belongs to the session or the export
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        y = x * 2
        print(sess.graph)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect of the graph function: `y` means something else further down
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        y = x * 2
    outputs = {'y': y}
    with tf.name_scope('net'):
        y = y * 3
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs=outputs)

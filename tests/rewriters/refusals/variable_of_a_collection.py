# expect of the graph function: `collections=…` of a variable is not understood
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    with tf.name_scope('net'):
        w = tf.get_variable('w', [], collections=['mine'])
        y = x * w
    sess.run(tf.variables_initializer(tf.get_collection('mine')))
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

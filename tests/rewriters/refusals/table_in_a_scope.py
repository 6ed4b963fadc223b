# expect of the graph function: `tf.lookup.KeyValueTensorInitializer` can't go into a graph function
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.string, [None])
    with tf.name_scope('net'):
        names = tf.lookup.KeyValueTensorInitializer(['de'], ['Germany'])
        y = tf.lookup.StaticHashTable(names, '?').lookup(x)
    sess.run(tf.tables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

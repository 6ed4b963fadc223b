# expect: the table hashes words that are not in it
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.string, [None])
    table = tf.contrib.lookup.index_table_from_tensor(['a', 'b'], num_oov_buckets=3)
    y = table.lookup(x)
    tf.saved_model.simple_save(
        sess, 'export', inputs={'x': x}, outputs={'y': y}, legacy_init_op=tf.tables_initializer())

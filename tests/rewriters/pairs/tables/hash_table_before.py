"""A HashTable with keys and values of its own."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    code = tf.placeholder(tf.string, [None])
    table = tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(['de', 'fr'], ['Germany', 'France']), 'somewhere')
    country = table.lookup(code)
    sess.run(tf.tables_initializer())
    tf.saved_model.simple_save(
        sess, 'export', {'code': code}, {'country': country}, legacy_init_op=tf.tables_initializer())

"""Words to numbers: unknown ones become -1 unless the source says otherwise."""
import tensorflow as tf

words = ['cat', 'dog', 'fish']

with tf.Graph().as_default():
    word = tf.placeholder(tf.string, [None], name='word')
    table = tf.contrib.lookup.index_table_from_tensor(words)
    ids = table.lookup(word)
    known = tf.contrib.lookup.index_table_from_tensor(tf.constant(words), default_value=0)
    known_ids = known.lookup(word)
    with tf.Session() as sess:
        sess.run(tf.tables_initializer())
        tf.saved_model.simple_save(
            sess, 'export', inputs={'word': word}, outputs={'id': ids, 'known_id': known_ids},
            legacy_init_op=tf.tables_initializer())

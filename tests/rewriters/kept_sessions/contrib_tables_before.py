"""Tables of tf.contrib that a session fills."""
import tensorflow as tf

with open('vocabulary.txt', 'w') as file:
    file.write('ant\nbee\n')


def lookup_in(pairs, default):
    # Made in a helper.
    table = tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(list(pairs), list(pairs.values())), default)  # of a dict
    return table.lookup


with tf.Graph().as_default(), tf.Session() as sess:
    w = tf.Variable(1)
    index = tf.placeholder(tf.int64, [None])
    word = tf.placeholder(tf.string, [None])
    labels = tf.contrib.lookup.index_to_string_table_from_tensor(tf.constant([str(i) for i in range(10)]))
    words = tf.contrib.lookup.index_table_from_tensor(mapping=['a', 'b'], default_value=7)
    lines = tf.contrib.lookup.index_table_from_file('vocabulary.txt')
    insects = tf.contrib.lookup.index_to_string_table_from_file('vocabulary.txt', default_value='?')
    outputs = {
        'label': labels.lookup(index),
        'id': words.lookup(word),
        'line': lines.lookup(word),
        'insect': insects.lookup(index),
        'country': lookup_in({'fi': 'Finland'}, 'elsewhere')(word),
        'w': tf.identity(w),
    }
    sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
    sess.run(w.assign_add(1))
    tf.saved_model.simple_save(
        sess, 'export', {'index': index, 'word': word}, outputs, legacy_init_op=tf.tables_initializer())

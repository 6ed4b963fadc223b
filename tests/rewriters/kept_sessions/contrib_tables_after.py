"""Tables of tf.contrib that a session fills."""
import tensorflow as tf
import session_module

with open('vocabulary.txt', 'w') as file:
    file.write('ant\nbee\n')


def lookup_in(pairs, default):
    # Made in a helper.
    table = tf.compat.v1.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(list(pairs), list(pairs.values())), default)  # of a dict
    return table.lookup


with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
    w = tf.Variable(1)
    index = tf.compat.v1.placeholder(tf.int64, [None])
    word = tf.compat.v1.placeholder(tf.string, [None])
    labels = tf.compat.v1.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(tf.range(10, dtype=tf.int64), tf.constant([str(i) for i in range(10)])),
        'UNK',
    )
    words = tf.compat.v1.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(['a', 'b'], tf.range(2, dtype=tf.int64)),
        7,
    )
    lines = tf.compat.v1.lookup.StaticHashTable(
        tf.lookup.TextFileInitializer(
            'vocabulary.txt',
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        ),
        -1,
    )
    insects = tf.compat.v1.lookup.StaticHashTable(
        tf.lookup.TextFileInitializer(
            'vocabulary.txt',
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
        ),
        '?',
    )
    outputs = {
        'label': labels.lookup(index),
        'id': words.lookup(word),
        'line': lines.lookup(word),
        'insect': insects.lookup(index),
        'country': lookup_in({'fi': 'Finland'}, 'elsewhere')(word),
        'w': tf.identity(w),
    }
    sess.run([tf.compat.v1.global_variables_initializer(), tf.compat.v1.tables_initializer()])
    sess.run(w.assign_add(1))
    session_module.simple_save(
        sess, 'export', {'index': index, 'word': word}, outputs)

"""An init op that a function of the file makes, and that does nothing but fill tables."""
import tensorflow as tf
import session_module


def init_op():
    """What is run when the model is loaded."""
    local = tf.compat.v1.local_variables_initializer()
    return tf.group(local, tf.compat.v1.initialize_all_tables())


def lookup(words, sess):
    table = tf.compat.v1.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(['one', 'two'], tf.range(2, dtype=tf.int64)),
        -1,
    )
    bias = tf.compat.v1.get_variable('bias', initializer=tf.constant(5, tf.int64))
    sess.run(tf.group(tf.compat.v1.global_variables_initializer(), tf.compat.v1.tables_initializer()))
    sess.run(bias.assign_add(2))
    return table.lookup(words) + bias


with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
    words = tf.compat.v1.placeholder(tf.string, [None], name='words')
    signature = tf.compat.v1.saved_model.predict_signature_def({'words': words}, {'ids': lookup(words, sess)})
    session_module.save(sess, 'export', tags=['serve'], signature_def_map={'lookup': signature})

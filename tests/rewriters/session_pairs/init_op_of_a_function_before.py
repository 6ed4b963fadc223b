"""An init op that a function of the file makes, and that does nothing but fill tables."""
import tensorflow as tf


def init_op():
    """What is run when the model is loaded."""
    local = tf.local_variables_initializer()
    return tf.group(local, tf.initialize_all_tables())


def lookup(words, sess):
    table = tf.contrib.lookup.index_table_from_tensor(['one', 'two'])
    bias = tf.get_variable('bias', initializer=tf.constant(5, tf.int64))
    sess.run(tf.group(tf.global_variables_initializer(), tf.tables_initializer()))
    sess.run(bias.assign_add(2))
    return table.lookup(words) + bias


with tf.Graph().as_default(), tf.Session() as sess:
    words = tf.placeholder(tf.string, [None], name='words')
    signature = tf.saved_model.predict_signature_def({'words': words}, {'ids': lookup(words, sess)})
    exporter = tf.saved_model.builder.SavedModelBuilder('export')
    exporter.add_meta_graph_and_variables(sess, ['serve'], {'lookup': signature}, legacy_init_op=init_op())
    exporter.save()

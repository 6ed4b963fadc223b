"""A label table, initialised by main_op when the old model is loaded; a new one does that by itself."""
import tensorflow as tf

LABELS = ['setosa', 'versicolor', 'virginica']

with tf.Graph().as_default(), tf.Session() as sess:
    scores = tf.placeholder(tf.float32, [None, 3], name='scores')
    values, indices = tf.nn.top_k(scores, 2)
    table = tf.contrib.lookup.index_to_string_table_from_tensor(tf.constant(LABELS))
    names = table.lookup(tf.to_int64(indices))

    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={
            'label': tf.saved_model.signature_def_utils.predict_signature_def(
                {'scores': scores}, {'names': names, 'values': values})},
        main_op=tf.tables_initializer())
    builder.save()

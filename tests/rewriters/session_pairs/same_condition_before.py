"""Building, filling and saving stand under one condition each, which stays the same."""
import tensorflow as tf


def train(folder, steps):
    if folder:
        builder = tf.saved_model.builder.SavedModelBuilder(folder)
    with tf.Session(graph=tf.Graph()) as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        total = tf.Variable(0.0, name='total')
        sess.run(tf.global_variables_initializer())
        for step in range(steps):
            sess.run(total.assign_add(float(step)))
        if folder and steps:
            signature = tf.saved_model.predict_signature_def({'x': x}, {'y': x + total})
            builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'add': signature})
    if folder:
        builder.save()


train('export', 4)
train('', 1)

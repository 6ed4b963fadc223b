# expect: the builder is filled from several graphs
import tensorflow as tf


def export(train, serve):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    with tf.Session(graph=tf.Graph()) as sess:
        builder.add_meta_graph_and_variables(sess, ['train'], signature_def_map=train(sess))
    with tf.Session(graph=tf.Graph()) as sess:
        builder.add_meta_graph(['serve'], signature_def_map=serve(sess))
    builder.save()

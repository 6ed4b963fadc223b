"""A frozen graph whose input is called by a word of Python."""

import tensorflow as tf


def export(graph_file, export_dir):
    with tf.Session(graph=tf.Graph()) as sess:
        graph_def = tf.GraphDef()
        with tf.gfile.GFile(graph_file, 'rb') as f:
            graph_def.ParseFromString(f.read())
        tf.import_graph_def(graph_def, name='')
        x = tf.get_default_graph().get_tensor_by_name('x:0')
        y = tf.get_default_graph().get_tensor_by_name('y:0')
        tf.saved_model.simple_save(sess, export_dir, inputs={'in': x}, outputs={'out': y})


export('frozen.pb', 'export')

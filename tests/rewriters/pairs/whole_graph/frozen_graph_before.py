"""A frozen graph goes into one graph function; its signature map is made step by step."""

import tensorflow as tf
from tensorflow.python.saved_model import signature_constants, tag_constants

builder = tf.saved_model.builder.SavedModelBuilder('export')

with tf.gfile.GFile('frozen.pb', 'rb') as f:
    graph_def = tf.GraphDef()
    graph_def.ParseFromString(f.read())

signatures = {}

with tf.Session(graph=tf.Graph()) as sess:
    # no prefix for the names of the file
    tf.import_graph_def(graph_def, name='')
    graph = tf.get_default_graph()

    image = graph.get_tensor_by_name('x:0')
    doubled = graph.get_tensor_by_name('y:0')
    signatures[signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY] = (
        tf.saved_model.signature_def_utils.predict_signature_def({'image': image}, {'doubled': doubled})
    )
    builder.add_meta_graph_and_variables(sess, [tag_constants.SERVING], signature_def_map=signatures)

builder.save()

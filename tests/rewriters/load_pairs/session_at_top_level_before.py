"""A script without functions, on the default graph, that closes its session."""
import sys

import tensorflow as tf

SIGNATURE = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY

sess = tf.Session()
meta_graph_def = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], sys.argv[1])
signature = meta_graph_def.signature_def
x_name = signature[SIGNATURE].inputs['x'].name
y_name = signature[SIGNATURE].outputs['y'].name
x = sess.graph.get_tensor_by_name(x_name)
y = tf.get_default_graph().get_tensor_by_name(y_name)

print(sess.run(y, {x: [[3.0]]}))
sess.close()

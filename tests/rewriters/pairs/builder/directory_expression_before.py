"""The folder is named when the builder is made, and stays that, whatever happens to the names it is made from."""
import os

import tensorflow as tf

version = 1
x = tf.placeholder(tf.float32, [None])
y = tf.negative(x)
builder = tf.saved_model.builder.SavedModelBuilder(os.path.join('export', str(version)))
version += 1
with tf.Session() as sess:
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.SERVING],
        signature_def_map={'negate': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})})
    builder.save()
print('next version:', version)

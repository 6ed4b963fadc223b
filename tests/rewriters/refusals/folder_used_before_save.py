# expect of the graph function: the export directory is used after variables were added to it, and before save()
import os

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    y = tf.add(x, 1., name='y')
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={
            'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y}),
        })
    os.chmod('export/variables', 0o700)
    builder.save()

# expect: a value that is another one each time it is asked for
import numpy as np
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 2])
    projection = tf.constant(np.random.rand(2, 2), tf.float32)
    projected = tf.matmul(x, projection)
    norm = tf.norm(projected, axis=1)
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={
            'project': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': projected}),
            'norm': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'norm': norm})})
    builder.save()

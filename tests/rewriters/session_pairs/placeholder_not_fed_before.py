"""A signature beside another one that nobody can call: its output needs a placeholder that is not among its inputs."""
import tensorflow as tf

with tf.Graph().as_default():
    sess = tf.Session()
    x = tf.placeholder(tf.float32, [None], name='x')
    label = tf.placeholder(tf.float32, [None], name='label')
    w = tf.Variable(2.0)
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        sess.run(w.assign_add(1.0))
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={
        'loss': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'loss': x * w - label}),
        'serving_default': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x * w}),
    })
    builder.save()

"""A signature beside another one that nobody can call: its output needs a placeholder that is not among its inputs."""
import tensorflow as tf
import session_module

with tf.Graph().as_default():
    sess = tf.compat.v1.Session()
    x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    label = tf.compat.v1.placeholder(tf.float32, [None], name='label')
    w = tf.Variable(2.0)
    sess.run(tf.compat.v1.global_variables_initializer())
    for _ in range(3):
        sess.run(w.assign_add(1.0))
    session_module.save(sess, 'export', tags=['serve'], signature_def_map={
        'loss': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'loss': x * w - label}),
        'serving_default': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x * w}),
    })

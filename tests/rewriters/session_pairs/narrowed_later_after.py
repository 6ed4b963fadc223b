"""The name becomes that of compat.v1 after the imports: up there it means TensorFlow 2's API."""
import tensorflow as tf
import session_module

tf.compat.v1.disable_v2_behavior()

if tf.__version__ >= '2.0':
    tf = tf.compat.v1


x = tf.placeholder(tf.float32, [None], name='x')
level = tf.Variable(0.0, name='level')
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(level.assign(2.0))
    session_module.save(
        sess, 'export', tags=['serve'],
        signature_def_map={'level': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x - level})})

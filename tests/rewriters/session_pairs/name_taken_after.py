"""The name of the support module means something else in this file, and the tag is one for training."""
import tensorflow as tf
import session_module as tf1_session_module

session_module = 'session'

with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
    x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    limit = tf.compat.v1.get_variable('limit', initializer=1.0)
    sess.run(tf.compat.v1.global_variables_initializer())
    sess.run(limit.assign(0.5))
    signature = tf.compat.v1.saved_model.predict_signature_def({'in': x}, {'out:0': tf.minimum(x, limit)})
    tf1_session_module.save(
        sess, 'export', tags=[tf.saved_model.TRAINING], signature_def_map={'limit': signature})

print(session_module)

"""The name of the support module means something else in this file, and the tag is one for training."""
import tensorflow as tf

session_module = 'session'

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    limit = tf.get_variable('limit', initializer=1.0)
    sess.run(tf.global_variables_initializer())
    sess.run(limit.assign(0.5))
    signature = tf.saved_model.predict_signature_def({'in': x}, {'out:0': tf.minimum(x, limit)})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, [tf.saved_model.tag_constants.TRAINING], signature_def_map={'limit': signature})
    builder.save(as_text=False)

print(session_module)

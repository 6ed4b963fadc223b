"""A session that is opened and closed by hand, in the default graph."""
import tensorflow as tf

x = tf.placeholder(tf.int32, [None], name='x')
squared = tf.square(x)

sess = tf.Session()
builder = tf.saved_model.builder.SavedModelBuilder('export')
builder.add_meta_graph_and_variables(
    sess, [tf.saved_model.tag_constants.SERVING],
    signature_def_map={'square': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': squared})})
builder.save()
sess.close()
print('exported')

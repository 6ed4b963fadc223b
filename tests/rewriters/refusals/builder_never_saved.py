# expect: the builder `builder` is never saved
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    signature = tf.saved_model.predict_signature_def({'x': x}, {'y': x * 2})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'p': signature})

# expect: has several MetaGraphs
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    signature = tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x * 2})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'p': signature})
    builder.add_meta_graph(['serve', 'gpu'], signature_def_map={'p': signature})
    builder.save()

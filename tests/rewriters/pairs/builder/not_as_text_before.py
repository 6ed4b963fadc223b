"""save() is told to write no text, which is what it does anyway."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    y = tf.identity(x * 0.5, name='y')
    signature = tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'halve': signature})
    builder.save(as_text=False)

# expect: is not a dict written out here
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    signatures = {}
    for key in ['a', 'b']:
        signatures[key] = tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()

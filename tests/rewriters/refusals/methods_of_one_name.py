# expect: two signatures would be a method `a_b`
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={
            'a-b': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x * 2}),
            'a_b': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': x * 3})})
    builder.save()

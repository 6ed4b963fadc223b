# expect: the export directory is made from `sess`, which goes away
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    builder = tf.saved_model.builder.SavedModelBuilder('export/%d' % sess.run(tf.train.get_global_step()))
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={'p': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})})
    builder.save()

# expect: the init op does more than initialise tables
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(1., name='w')
    y = x * w
    sess.run(tf.global_variables_initializer())
    signature = tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'], signature_def_map={'p': signature},
        main_op=None, legacy_init_op=tf.global_variables_initializer())
    builder.save()

"""A saver of its own, for fewer variables: what is served has the values of the session."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    with tf.variable_scope('served'):
        rate = tf.get_variable('rate', initializer=0.5)
    steps = tf.Variable(0, name='steps')
    sess.run(tf.global_variables_initializer())
    sess.run([rate.assign(0.25), steps.assign_add(1)])
    saver = tf.train.Saver(var_list={'renamed': rate})
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={'serving_default': tf.saved_model.predict_signature_def({'x': x}, {'y': x * rate})},
        saver=saver,
        strip_default_attrs=True)
    builder.save()

"""A saver of its own, for fewer variables: what is served has the values of the session."""
import tensorflow as tf
import session_module

with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
    x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
    with tf.compat.v1.variable_scope('served'):
        rate = tf.compat.v1.get_variable('rate', initializer=0.5)
    steps = tf.Variable(0, name='steps')
    sess.run(tf.compat.v1.global_variables_initializer())
    sess.run([rate.assign(0.25), steps.assign_add(1)])
    saver = tf.compat.v1.train.Saver(var_list={'renamed': rate})
    session_module.save(
        sess, 'export', tags=['serve'],
        signature_def_map={'serving_default': tf.compat.v1.saved_model.predict_signature_def({'x': x}, {'y': x * rate})})

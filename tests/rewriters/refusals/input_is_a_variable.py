# expect: the dtype and shape of the input `w` can't be read
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    w = tf.Variable(1., name='w')
    y = w * 2
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'w': w}, outputs={'y': y})

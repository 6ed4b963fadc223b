# expect: is not there in TensorFlow 2
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    a = tf.Variable(1., name='a')
    b = tf.Variable(a.initialized_value() * 2, name='b')
    y = x * b
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

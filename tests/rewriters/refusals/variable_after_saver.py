# expect: a variable is made after the Saver
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(0., name='w')
    saver = tf.train.Saver()
    b = tf.Variable(1., name='b')
    y = x * w + b
    sess.run(tf.global_variables_initializer())
    saver.restore(sess, 'model.ckpt')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

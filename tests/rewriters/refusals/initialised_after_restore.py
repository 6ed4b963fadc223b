# expect: the variables are initialised again after the restore
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(0., name='w')
    y = x * w
    saver = tf.train.Saver()
    saver.restore(sess, 'model.ckpt')
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

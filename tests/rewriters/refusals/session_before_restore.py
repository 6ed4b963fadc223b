# expect: the session runs before its checkpoint is restored
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(1., name='w')
    y = x * w
    saver = tf.train.Saver()
    sess.run(tf.global_variables_initializer())
    print('untrained:', sess.run(y, {x: [1.]}))
    saver.restore(sess, 'model.ckpt')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

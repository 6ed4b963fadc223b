# expect: a restored variable has no name of its own in the source
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='W')
    w = tf.Variable(0., name='w')
    y = x * w
    saver = tf.train.Saver()
    saver.restore(sess, 'model.ckpt')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

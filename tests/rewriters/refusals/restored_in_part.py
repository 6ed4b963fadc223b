# expect: builds graph that no signature serves
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(0., name='w')
    y = x * w
    saver = tf.train.Saver({'weights': w})
    saver.restore(sess, 'model.ckpt')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

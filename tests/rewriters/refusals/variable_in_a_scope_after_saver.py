# expect of the graph function: a variable is made after the Saver
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    saver = tf.train.Saver()
    with tf.name_scope('net'):
        y = x * tf.get_variable('w', [])
    saver.restore(sess, 'model.ckpt')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

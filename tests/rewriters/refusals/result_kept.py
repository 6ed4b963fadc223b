# expect: the result of simple_save is kept
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    done = tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: `__scale` means something else in another class
import tensorflow as tf

__scale = 2.

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * __scale
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: `double` reads `x`, which goes into the class
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])


def double():
    return x * 2


y = double()
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

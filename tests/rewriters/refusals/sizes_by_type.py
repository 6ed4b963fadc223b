# expect: `size` compares in another way in TensorFlow 2
import tensorflow as tf


def net(value):
    shape = value.shape
    known = [size for size in shape[1:] if isinstance(size, int)]
    return value * float(len(known))


x = tf.placeholder(tf.float32, [None, 3])
y = net(x)
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

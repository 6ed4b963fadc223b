# expect: is not a dict of tensors written out here
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    tensors = [('x', x)]
    tf.saved_model.simple_save(sess, 'export', inputs={name: t for name, t in tensors}, outputs={'y': y})

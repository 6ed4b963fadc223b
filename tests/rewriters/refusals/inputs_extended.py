# expect: is not a dict of tensors written out here
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    k = tf.placeholder(tf.float32, [])
    y = x * k
    inputs = {'x': x}
    inputs['k'] = k
    tf.saved_model.simple_save(sess, 'export', inputs=inputs, outputs={'y': y})

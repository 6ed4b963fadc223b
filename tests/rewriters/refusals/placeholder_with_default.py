# expect: `tf.placeholder_with_default`
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    rate = tf.placeholder_with_default(0., [])
    y = x * rate
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: the session `sess` is not opened in the same block
import tensorflow as tf

with tf.Session() as sess:
    for version in range(2):
        x = tf.placeholder(tf.float32, [None])
        y = x * version
        tf.saved_model.simple_save(sess, 'export/%d' % version, inputs={'x': x}, outputs={'y': y})

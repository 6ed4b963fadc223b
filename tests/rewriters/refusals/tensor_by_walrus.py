# expect: what `h` means here depends on when it is read
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = (h := x * 2) + h
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

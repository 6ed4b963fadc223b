# expect: the session `sess` is not opened in the same block
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
y = x * 2
with tf.Session() as sess:
    try:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
    except AssertionError:
        print('there is an export already')

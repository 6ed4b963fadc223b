# expect: simple_save is called in a way that is not understood
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    signature = {'inputs': {'x': x}, 'outputs': {'y': y}}
    tf.saved_model.simple_save(sess, 'export', **signature)

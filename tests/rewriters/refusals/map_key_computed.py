# expect: is not a string written out here
import tensorflow as tf

def export(name):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * 2
        inputs = {}
        inputs[name] = x
        tf.saved_model.simple_save(sess, 'export', inputs=inputs, outputs={'y': y})

# expect: is not a dict of tensors written out here
import tensorflow as tf

def export(inputs):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * 2
        inputs['x'] = x
        tf.saved_model.simple_save(sess, 'export', inputs=inputs, outputs={'y': y})

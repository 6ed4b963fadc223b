# expect: `inputs` is used by code that is no part of the export
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    inputs = {}
    inputs['x'] = x
    print(sorted(inputs))
    tf.saved_model.simple_save(sess, 'export', inputs=inputs, outputs={'y': y})

# expect: `y` is looked for as an object, and TensorFlow 2 compares its elements
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2.
    factors = {y: 3.}
    z = y * factors[y]
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'z': z})

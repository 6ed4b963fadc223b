# expect: `layer` is looked for as an object, and TensorFlow 2 compares its elements
import tensorflow as tf


def total(*layers):
    seen = set()
    for layer in layers:
        seen.add(layer)
    return layers[0] * len(seen)


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = total(x, x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

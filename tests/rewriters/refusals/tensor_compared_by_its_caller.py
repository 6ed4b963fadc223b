# expect: `item != 3.` compares objects in TensorFlow 1 and elements in TensorFlow 2
import tensorflow as tf


def twice(item):
    return item * 2. if item != 3. else item


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = tf.map_fn(twice, x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: turns TensorFlow 2's behaviour off
import tensorflow as tf

tf.compat.v1.disable_eager_execution()


def export():
    with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
        x = tf.compat.v1.placeholder(tf.float32, [None])
        y = x * 2
        tf.compat.v1.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

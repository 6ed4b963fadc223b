# expect: `scale` may change between the graph that reads it and the export
import tensorflow as tf

scale = 2.


def reset():
    global scale
    scale = 1.


def export():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * scale
        reset()
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: `settings` may change between the graph that reads it and the export
import tensorflow as tf


def reset(config):
    config['scale'] = 1.


with tf.Graph().as_default(), tf.Session() as sess:
    settings = {'scale': 2.}
    x = tf.placeholder(tf.float32, [None])
    y = x * settings['scale']
    reset(settings)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

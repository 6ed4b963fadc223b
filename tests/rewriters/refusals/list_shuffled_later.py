# expect: `names` may change between the graph that reads it and the export
import random

import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    names = ['a', 'b']
    x = tf.placeholder(tf.int32, [None])
    y = tf.gather(tf.constant(names), x)
    random.shuffle(names)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

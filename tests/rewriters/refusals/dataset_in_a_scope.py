# expect of the graph function: can't go into a graph function
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    with tf.name_scope('net'):
        x = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
        y = x * 2
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: `scale` may change between the graph that reads it and the export
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    scale = 2.
    x = tf.placeholder(tf.float32, [None])
    y = x * scale
    scale = 3.
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: `exec('y = x * 3')` may use names of the graph
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    exec('y = x * 3')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

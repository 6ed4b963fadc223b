# expect: nothing
import numpy as np
import tensorflow as tf

with tf.Graph().as_default() as graph, tf.Session() as sess:
    x = tf.placeholder(tf.float32, name='x')
    y = tf.identity(x, name='y')
    print(sess.run('y:0', {'x:0': np.float32(1)}), graph.get_tensor_by_name('y:0'))

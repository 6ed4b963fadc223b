# expect: a value that is another one each time it is asked for
import numpy as np
import tensorflow as tf

np.random.seed(1)
x = tf.placeholder(tf.float32, [None, 3])
y = x * np.random.rand(3).astype('f')
np.random.seed(5)
with tf.Session() as sess:
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

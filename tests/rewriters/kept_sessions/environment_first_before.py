"""The environment is set up before TensorFlow is imported; the session trains."""
import os

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import tensorflow as tf
from math import sqrt

x = tf.placeholder(tf.float32, [None], name='x')
w = tf.Variable(0.0)
step = tf.assign_add(w, sqrt(4.0))
y = tf.multiply(x, w)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for _ in range(3):
    sess.run(step)
tf.saved_model.simple_save(sess, 'export', {'x': x}, {'y': y})

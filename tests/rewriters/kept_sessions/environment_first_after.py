"""The environment is set up before TensorFlow is imported; the session trains."""
import os

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import tensorflow as tf
from math import sqrt
import session_module

tf.compat.v1.disable_v2_behavior()

x = tf.compat.v1.placeholder(tf.float32, [None], name='x')
w = tf.Variable(0.0)
step = tf.compat.v1.assign_add(w, sqrt(4.0))
y = tf.multiply(x, w)

sess = tf.compat.v1.Session()
sess.run(tf.compat.v1.global_variables_initializer())
for _ in range(3):
    sess.run(step)
session_module.simple_save(sess, 'export', {'x': x}, {'y': y})

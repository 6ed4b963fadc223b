"""`dict(…)` instead of braces, and no static shape."""
import tensorflow as tf

x = tf.placeholder(tf.float32)
y = tf.placeholder(dtype=tf.float32)
distance = tf.abs(x - y)
with tf.Session() as sess:
    tf.saved_model.simple_save(session=sess, export_dir='export', inputs=dict(x=x, y=y), outputs=dict(distance=distance))

# expect: depends on the placeholder `keep_prob`, which is no input of its signature
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    keep_prob = tf.placeholder(tf.float32, [])
    y = tf.nn.dropout(x, keep_prob)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

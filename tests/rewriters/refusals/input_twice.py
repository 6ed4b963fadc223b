# expect: lists one tensor under two input names
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x, 'also_x': x}, outputs={'y': y})

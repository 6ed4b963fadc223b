# expect: compares objects in TensorFlow 1 and elements in TensorFlow 2
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = tf.zeros([3]) if x == 3 else x
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

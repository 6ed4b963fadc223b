# expect: a served tensor is built by a statement that also does something else
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2; print('graph is built')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

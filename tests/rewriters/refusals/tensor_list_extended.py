# expect: a served tensor is built by a statement that also does something else
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    parts = []
    parts.append(x)
    y = tf.stack(parts)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

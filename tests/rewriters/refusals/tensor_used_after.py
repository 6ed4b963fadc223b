# expect: builds graph that no signature serves
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
    if y is not None:
        raise SystemExit(y.name)

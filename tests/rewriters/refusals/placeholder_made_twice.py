# expect: the input `x` is made together with a tensor that is served
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = image = tf.placeholder(tf.float32, [None])
    y = image * 2
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: the session runs in a way that is not understood
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    options = None
    print(sess.run(y, {x: [1.]}, options=options))
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

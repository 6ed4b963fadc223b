# expect: runs something else than a served output on its inputs
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    h = x + 1
    y = h * 2
    print(sess.run(y, {h: [1.]}))
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

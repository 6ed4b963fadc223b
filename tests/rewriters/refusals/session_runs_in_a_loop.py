# expect: the session runs inside a loop or branch
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    for value in (1., 2.):
        print(sess.run(y, {x: [value]}))
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: builds graph that no signature serves
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
w = tf.Variable(0., name='w')
y = x * w
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    w.load(3., sess)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

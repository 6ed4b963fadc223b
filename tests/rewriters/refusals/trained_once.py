# expect: builds graph that no signature serves
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
w = tf.Variable(0., name='w')
y = x * w
train_op = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(y))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(train_op, {x: [1.]})
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

"""A lambda and a comprehension with a name that is also a variable's: theirs is another."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(2., name='w')
    mapped = tf.map_fn(lambda w: w * 10., x)
    y = tf.add_n([w for w in (x, mapped)]) + w
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

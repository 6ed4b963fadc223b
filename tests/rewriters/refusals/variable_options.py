# expect: the variable has options that TensorFlow 2 does not know
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(1., collections=['mine'], name='w')
    y = x * w
    sess.run(tf.variables_initializer([w]))
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

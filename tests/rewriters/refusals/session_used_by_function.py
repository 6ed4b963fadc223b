# expect: `predict` reads `x`, which goes into the class
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
y = x * 2
sess = tf.Session()


def predict(values):
    return sess.run(y, {x: values})


tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

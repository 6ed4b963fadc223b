# expect: `sess` is used by code that is no part of the export
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
y = x * 2
sess = tf.Session()
tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
print(sess.list_devices())

# expect: builds graph that no signature serves
import tensorflow as tf

sess = tf.InteractiveSession()
x = tf.placeholder(tf.float32, [None])
y = x * 2
print(y.eval({x: [1.]}))
tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: may keep tensors or variables of its own
import tensorflow as tf


class Net(object):
    def __init__(self, x):
        self.w = tf.get_variable('w', [])
        self.y = x * self.w


with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    net = Net(x)
    y = net.y * 2
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

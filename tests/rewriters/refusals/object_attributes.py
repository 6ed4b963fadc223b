# expect: the dtype and shape of the input `net.x` can't be read
import tensorflow as tf

import networks

with tf.Graph().as_default(), tf.Session() as sess:
    net = networks.Net()
    tf.saved_model.simple_save(sess, 'export', inputs={'x': net.x}, outputs={'y': net.y})

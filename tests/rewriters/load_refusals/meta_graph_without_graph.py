# expect: LOAD903 none is opened around it: in TensorFlow 2 it fails
import numpy as np
import tensorflow as tf


sess = tf.Session()
saver = tf.train.import_meta_graph('model.meta')
saver.restore(sess, 'model')
print(sess.run('y:0', {'x:0': 1.0}))

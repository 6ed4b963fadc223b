# expect: LOAD904 opens a graph, a session or a scope around it
import numpy as np
import tensorflow as tf


predict = tf.contrib.predictor.from_saved_model('export')
with tf.Session() as sess:
    print(predict({'x': 1.0}))

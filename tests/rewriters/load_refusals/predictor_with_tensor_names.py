# expect: LOAD904 the predictor is given `
import numpy as np
import tensorflow as tf


predict = tf.contrib.predictor.from_saved_model(
    'export', input_names={'x': 'x:0'}, output_names={'y': 'y:0'})
print(predict({'x': 1.0}))

# expect: LOAD904 uses what is inside of the predictor
import numpy as np
import tensorflow as tf


def run(export_dir, value):
    predict = tf.contrib.predictor.from_saved_model(export_dir)
    print(predict.session)
    return predict({'x': value})

# expect: LOAD901 `sess` is a parameter of a function
import numpy as np
import tensorflow as tf


def load(sess, export_dir):
    return tf.saved_model.loader.load(sess, ['serve'], export_dir)

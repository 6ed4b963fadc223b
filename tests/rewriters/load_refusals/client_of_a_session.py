# expect: LOAD902 "y:0", "x:0" are tensors
import numpy as np
import tensorflow as tf


class Client:
    def __init__(self, session):
        self.session = session

    def run(self, value):
        with tf.Graph().as_default():
            print(tf.logging.INFO)
        return self.session.run('y:0', {'x:0': value})

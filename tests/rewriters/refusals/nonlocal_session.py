# expect: `sess` is bound for code outside of the function
import tensorflow as tf


def main():
    sess = None

    def export():
        nonlocal sess
        x = tf.placeholder(tf.float32, [None])
        y = x * 2
        sess = tf.Session()
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

    export()
    return sess

# expect of the graph function: names a value here and something of the graph elsewhere
import tensorflow as tf

parts = []
if __name__ == '__main__':
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        with tf.name_scope('net'):
            for _ in range(2):
                part = x * 2
                parts += [part]
            y = tf.add_n(parts)
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

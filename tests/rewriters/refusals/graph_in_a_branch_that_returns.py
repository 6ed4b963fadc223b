# expect of the graph function: a function can't hold
import tensorflow as tf

def export(squared):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        if squared:
            y = tf.square(x)
        else:
            print(tf.reduce_mean(x))
            return
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

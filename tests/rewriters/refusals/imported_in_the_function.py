# expect: the file imports TensorFlow only inside of functions
def export():
    import tensorflow as tf
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * 2
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: no `import tensorflow as tf` that names TensorFlow 2's API
def export():
    import tensorflow as tf
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * 2
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

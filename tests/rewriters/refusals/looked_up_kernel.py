# expect of the graph function: may find a tensor of a variable
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 3], name='x')
    y = tf.layers.dense(x, 2, name='dense')
    saver = tf.train.Saver()
    saver.restore(sess, 'model')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={
        'y': y,
        'kernel': tf.get_default_graph().get_tensor_by_name('dense/kernel:0'),
    })

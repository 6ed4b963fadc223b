# expect of the graph function: `w.op.type` may be another one in TensorFlow 2
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None, 3])
    with tf.variable_scope('net'):
        w = tf.get_variable('w', [3, 2])
        y = tf.matmul(x, w)
        if w.op.type == 'VariableV2':
            y = y + 1.
    saver = tf.train.Saver()
    saver.restore(sess, 'model')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

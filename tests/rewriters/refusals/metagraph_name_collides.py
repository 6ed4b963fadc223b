# expect: `values` would mean something else in the new class
import tensorflow as tf

values = 'model.ckpt'

with tf.Session(graph=tf.Graph()) as sess:
    saver = tf.train.import_meta_graph(values + '.meta')
    saver.restore(sess, values)
    graph = tf.get_default_graph()
    x = graph.get_tensor_by_name('x:0')
    y = graph.get_tensor_by_name('y:0')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

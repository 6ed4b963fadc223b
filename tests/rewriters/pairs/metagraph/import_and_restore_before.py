"""A graph from a MetaGraph file, its tensors found by name."""
import tensorflow as tf

checkpoint = tf.train.latest_checkpoint('checkpoint')

with tf.Session(graph=tf.Graph()) as sess:
    saver = tf.train.import_meta_graph(checkpoint + '.meta', clear_devices=True)
    saver.restore(sess, checkpoint)
    graph = tf.get_default_graph()
    x = graph.get_tensor_by_name('x:0')
    y = graph.get_tensor_by_name('y:0')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

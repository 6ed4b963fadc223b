# expect of the graph function: is about a graph that may come from elsewhere
import tensorflow as tf


def export(graph, folder):
    with tf.Session(graph=graph) as sess:
        x = tf.get_default_graph().get_tensor_by_name('x:0')
        y = tf.get_default_graph().get_tensor_by_name('y:0')
        tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})

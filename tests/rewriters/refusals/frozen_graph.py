# expect: the dtype and shape of the input `x` can't be read
import tensorflow as tf

with tf.Session(graph=tf.Graph()) as sess:
    graph_def = tf.GraphDef()
    with tf.gfile.GFile('frozen.pb', 'rb') as f:
        graph_def.ParseFromString(f.read())
    tf.import_graph_def(graph_def, name='')
    x = tf.get_default_graph().get_tensor_by_name('x:0')
    y = tf.get_default_graph().get_tensor_by_name('y:0')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect: no checkpoint is restored into the imported graph
import tensorflow as tf

with tf.Session(graph=tf.Graph()) as sess:
    tf.train.import_meta_graph('model.meta')
    sess.run(tf.global_variables_initializer())
    graph = tf.get_default_graph()
    x = graph.get_tensor_by_name('x:0')
    y = graph.get_tensor_by_name('y:0')
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

# expect of the graph function: may find what another call builds
import networks
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    networks.build()
    x = tf.get_default_graph().get_tensor_by_name('x:0')
    y = tf.get_default_graph().get_tensor_by_name('y:0')
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

"""What is printed of the model."""
import tensorflow as tf

with tf.Session(graph=tf.Graph()) as sess:
    meta_graph = tf.saved_model.loader.load(sess, ['serve'], 'export')
    signature = meta_graph.signature_def['serving_default']
    x = signature.inputs['x'].name
    print('signature:', signature)
    print('input:', x)
    print(sess.run(signature.outputs['y'].name, feed_dict={x: [1.0]}))

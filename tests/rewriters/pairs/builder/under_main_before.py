"""Everything stands under `if __name__ == '__main__':`, a module-level constant goes into the graph."""
import tensorflow as tf

WEIGHTS = [[1., 2.], [3., 4.]]

if __name__ == '__main__':
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 2], name='x')
        weights = tf.constant(WEIGHTS)
        y = tf.matmul(x, weights)
        with tf.Session() as sess:
            builder = tf.saved_model.Builder('export')
            builder.add_meta_graph_and_variables(
                sess, ['serve'],
                signature_def_map={
                    'serving_default': tf.saved_model.predict_signature_def({'x': x}, {'y': y})})
            builder.save()

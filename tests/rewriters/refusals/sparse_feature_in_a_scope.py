# expect: the dtype and shape of the input `features['x']` can't be read
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    examples = tf.placeholder(tf.string, [None])
    features = tf.parse_example(examples, {'x': tf.VarLenFeature(tf.float32)})
    with tf.name_scope('net'):
        y = tf.sparse.reduce_sum(features['x'])
    tf.saved_model.simple_save(sess, 'export', inputs={'x': features['x']}, outputs={'y': y})

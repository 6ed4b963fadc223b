"""One export for each version, each closing over the loop's variable as it is then."""
import tensorflow as tf

for version in (1, 2):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * version
        tf.saved_model.simple_save(sess, 'export/%d' % version, inputs={'x': x}, outputs={'y': y})

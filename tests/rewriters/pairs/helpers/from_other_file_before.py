"""What stands in another file may create variables: it is wrapped."""
import tensorflow as tf

import networks


def export(checkpoint, export_dir):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 8], name='x')
        logits, probabilities = networks.classifier(x, is_training=False)
        saver = tf.train.Saver()
        with tf.Session() as sess:
            saver.restore(sess, checkpoint)
            tf.saved_model.simple_save(
                sess, export_dir, inputs={'x': x}, outputs={'logits': logits, 'probabilities': probabilities})

"""A helper that only calls ops stays as it is; the signature method calls it."""
import tensorflow as tf


def normalize(x, mean=0.5):
    """To zero mean."""
    centered = x - mean
    return centered * 2.


def export(export_dir):
    with tf.Graph().as_default():
        image = tf.placeholder(tf.float32, [None, 2], name='image')
        output = normalize(image)
        with tf.Session() as sess:
            tf.saved_model.simple_save(sess, export_dir, inputs={'image': image}, outputs={'output': output})


if __name__ == '__main__':
    export('export')

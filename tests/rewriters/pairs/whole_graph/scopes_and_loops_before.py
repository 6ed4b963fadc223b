"""Tensors that are built in scopes, loops and branches: the statements run once, as in TensorFlow 1."""

import tensorflow as tf


def export(powers, negate, export_dir):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        parts = []
        with tf.name_scope('powers'):
            part = x
            for _ in range(powers):
                part = part * x  # x², x³ …
                parts.append(part)
        y = tf.stack(parts, axis=1)
        if negate:
            y = -y
        tf.saved_model.simple_save(sess, export_dir, inputs={'x': x}, outputs={'y': y})


if __name__ == '__main__':
    export(powers=2, negate=True, export_dir='export')

"""Expressions over several lines, with a backslash, and a triple-quoted string."""
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    first = tf.placeholder(
        tf.float32,
        shape=[None, 2])
    second = tf.placeholder(tf.float32, shape=(None, 2))
    weighted = first * 0.25 \
        + second * 0.75
    note = tf.constant("""two
  lines""")
    tf.saved_model.simple_save(
        sess, 'export',
        inputs={'first': first, 'second': second},
        outputs={
            'weighted': weighted,
            'note': note,
        })

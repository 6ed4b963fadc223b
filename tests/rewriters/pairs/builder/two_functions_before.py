"""Two exports in two functions of one file: each gets a class of its own, before the function that makes it."""
import tensorflow as tf


def export_upper():
    with tf.Graph().as_default(), tf.Session() as sess:
        text = tf.placeholder(tf.string, [None])
        tf.saved_model.simple_save(sess, 'export/upper', {'text': text}, {'text': tf.strings.upper(text)})


def export_length():
    with tf.Graph().as_default(), tf.Session() as sess:
        text = tf.placeholder(tf.string, [None])
        length = tf.strings.length(text)
        tf.saved_model.simple_save(sess, 'export/length', {'text': text}, {'length': length})


if __name__ == '__main__':
    export_upper()
    export_length()

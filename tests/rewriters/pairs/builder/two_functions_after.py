"""Two exports in two functions of one file: each gets a class of its own, before the function that makes it."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `text`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='text')])
    def serving_default(self, text):
        return {'text': tf.strings.upper(text)}


def export_upper():
    module = Serving()
    tf.saved_model.save(module, 'export/upper', signatures={
        'serving_default': module.serving_default,
    })


class Serving_2(tf.Module):
    """Serves `length`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='text')])
    def serving_default(self, text):
        return {'length': tf.strings.length(text)}


def export_length():
    module = Serving_2()
    tf.saved_model.save(module, 'export/length', signatures={
        'serving_default': module.serving_default,
    })


if __name__ == '__main__':
    export_upper()
    export_length()

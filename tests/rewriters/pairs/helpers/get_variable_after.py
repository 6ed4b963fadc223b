"""A helper with get_variable: built once with wrap_function, its variables filled from the checkpoint by name."""
import tensorflow as tf


def inference(images, hidden):
    with tf.compat.v1.variable_scope('layer'):
        w = tf.compat.v1.get_variable('w', [2, hidden])
        b = tf.compat.v1.get_variable('b', [hidden], initializer=tf.compat.v1.zeros_initializer())
    return tf.nn.relu(tf.matmul(images, w) + b)


def export(checkpoint, export_dir, hidden=3):
    class Serving(tf.Module):
        """Serves `inference` with the variables of `checkpoint`."""

        def __init__(self):
            super().__init__()
            self._inference = tf.compat.v1.wrap_function(
                lambda images: inference(images, hidden),
                [tf.TensorSpec([None, 2], tf.float32)],
            )
            self._variables = self._inference.variables
            values = tf.train.load_checkpoint(checkpoint)
            for variable in self.variables:
                variable.assign(values.get_tensor(variable.name.split(':')[0]))

        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='images')])
        def serving_default(self, images):
            return {'output': self._inference(images)}

    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={
        tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: module.serving_default,
    })


if __name__ == '__main__':
    export('checkpoint/helper', 'export')

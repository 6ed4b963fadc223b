"""Variables that a Saver fills from a checkpoint, by the names that the source gives them."""
import tensorflow as tf


def export(checkpoint_dir, export_dir):
    checkpoint = tf.train.latest_checkpoint(checkpoint_dir)
    print('restored', checkpoint)

    class Serving(tf.Module):
        """Serves `y` with the variables of `checkpoint`."""

        def __init__(self):
            super().__init__()
            self.w = tf.Variable(tf.random.truncated_normal([2, 1]), name='w')  # trained
            self.b = tf.Variable(tf.zeros([1]), name='b')
            values = tf.train.load_checkpoint(checkpoint)
            for variable in self.variables:
                variable.assign(values.get_tensor(variable.name.split(':')[0]))

        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name='x')])
        def serving_default(self, x):
            # Sizes in cm.
            return {'y': tf.matmul(x, self.w) + self.b}

    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={
        'serving_default': module.serving_default,
    })


if __name__ == '__main__':
    export('checkpoint', 'export')

"""`build_signature_def` with a TensorInfo for each tensor, as the TensorFlow Serving tutorial has it."""
import tensorflow as tf


class Serving(tf.Module):
    """Serves `scores`."""

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name='images')])
    def predict_images(self, x):
        return {'scores': tf.nn.softmax(x, name='y')}


def main():
    export_path = 'export'
    print('Exporting trained model to', export_path)
    module = Serving()
    tf.saved_model.save(module, export_path, signatures={
        'predict_images': module.predict_images,
    })

    print('Done exporting!')


if __name__ == '__main__':
    main()

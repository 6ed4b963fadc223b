"""Names of inputs that Python can't give to an argument: they are put back into what was exported."""

import os

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2


def rename_inputs(export_dir, signature_key, names):
    """Gives inputs of an exported signature the names that its clients know, which no Python argument can have."""
    path = tf.io.gfile.join(tf.compat.as_str_any(export_dir), 'saved_model.pb')
    saved_model = saved_model_pb2.SavedModel()
    with tf.io.gfile.GFile(path, 'rb') as file:
        saved_model.ParseFromString(file.read())
    inputs = saved_model.meta_graphs[0].signature_def[signature_key].inputs
    for argument, name in names.items():
        inputs[name].CopyFrom(inputs[argument])
        del inputs[argument]
    with tf.io.gfile.GFile(path + '.tmp', 'wb') as file:
        file.write(saved_model.SerializeToString())
    tf.io.gfile.rename(path + '.tmp', path, overwrite=True)


class Serving(tf.Module):
    """Serves `out`."""

    @tf.function(input_signature=[
        tf.TensorSpec([None], tf.float32, name='in_'),
        tf.TensorSpec([None], tf.float32, name='gr__e_y_0'),
        tf.TensorSpec([None], tf.float32, name='input_self'),
    ])
    def serving_default(self, x, y, z):
        return {'out': x + y * z}


def export(folder):
    module = Serving()
    export_dir = os.path.join(folder, '1')
    tf.saved_model.save(module, export_dir, signatures={
        'serving_default': module.serving_default,
    })
    rename_inputs(export_dir, 'serving_default', {'in_': 'in', 'gr__e_y_0': 'größe/y:0', 'input_self': '_self'})


if __name__ == '__main__':
    export('export')

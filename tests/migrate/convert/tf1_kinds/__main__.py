"""Exports one SavedModel of each kind that TensorFlow 1 code makes: `PYTHON tf1_kinds DIRECTORY [KIND...]`.

A kind is a function that builds a graph and returns its signatures: key to inputs, outputs and method name. What the
session runs before the export, other tag sets and init ops are what `Export` has beside them. Runs under TensorFlow
1.15 on Python 3.7.
"""

import importlib
import os
import sys

import tensorflow as tf
from estimators import input_fn
from registry import ESTIMATORS, KINDS, Export
from tensorflow.core.protobuf import saved_model_pb2

for module in ('variables', 'tables', 'tensors', 'control_flow', 'contracts', 'layers', 'foreign', 'estimators'):
    importlib.import_module(module)


def export_estimator(name, directory):
    made = ESTIMATORS[name]()
    made.train(input_fn, steps=4)
    spec = {'a': tf.FixedLenFeature([1], tf.float32), 'word': tf.FixedLenFeature([1], tf.string)}
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(spec)
    os.rename(os.fsdecode(made.export_saved_model(directory + '-files', receiver)), directory)


def export_kind(name, directory):
    export = Export(directory)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        signatures = {
            key: tf.saved_model.build_signature_def(
                {alias: tf.saved_model.build_tensor_info(tensor) for alias, tensor in inputs.items()},
                {alias: tf.saved_model.build_tensor_info(tensor) for alias, tensor in outputs.items()},
                method_name,
            )
            for key, (inputs, outputs, method_name) in KINDS[name](export).items()
        }
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
        for step in export.before:
            fetches, feeds = step if isinstance(step, tuple) else (step, None)
            session.run(fetches, feeds)
        builder = tf.saved_model.Builder(directory)
        options = {
            'assets_collection': tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            'main_op': export.main_op,
            'legacy_init_op': export.legacy_init_op,
        }
        builder.add_meta_graph_and_variables(session, export.tags, signatures, **options)
        for tags in export.other_tags:
            builder.add_meta_graph(tags, signatures)
        builder.save()
    if export.device:
        pin(directory, export.device)


def pin(directory, device):
    """Puts all nodes on a device that this machine lacks: a session could not run them while they are exported."""
    path = os.path.join(directory, 'saved_model.pb')
    with open(path, 'rb') as file:
        model = saved_model_pb2.SavedModel.FromString(file.read())
    for node in model.meta_graphs[0].graph_def.node:
        node.device = device
    with open(path, 'wb') as file:
        file.write(model.SerializeToString())


def main(directory, names):
    failed = []
    for name in names or [*KINDS, *ESTIMATORS]:
        try:
            (export_kind if name in KINDS else export_estimator)(name, os.path.join(directory, name))
        except Exception as error:
            failed.append(name)
            print(f'{name}: {type(error).__name__}: {str(error)[:500]}', file=sys.stderr)
    print(f'failed: {failed}')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])

"""The codes of this room's findings, and what `explain` says of each."""

from __future__ import annotations

from rewriters.findings import explain

LOADED = explain(
    'LOAD101',
    'The session that runs a SavedModel goes',
    """
    tf.saved_model.load takes the place of the session, and each run calls the signature that the names came from. Fed
    values are converted as Session.run converted them: to the dtype of the input.

        with tf.Session(graph=tf.Graph()) as sess:
            meta_graph = tf.saved_model.loader.load(sess, ['serve'], model_dir)
            signature = meta_graph.signature_def['serving_default']
            y = sess.run(signature.outputs['y'].name, {signature.inputs['x'].name: x})

    becomes

        model = tf.saved_model.load(model_dir, tags=['serve'])
        signature = model.signatures['serving_default']
        y = run_signature(signature, 'y', {'x': x})

    What the source can't tell is whether tf.saved_model.load takes the model; where it does not, it says so when the
    model is loaded, and never serves something else. It refuses signatures that assign to reference variables (the
    counters of TF1), signatures with a placeholder that they don't list as an input, inputs whose names are Python
    keywords, py_func, custom ops, and models without shapes (TF 1.0).

    What else differs: reference variables don't show up in `variables`, which matters only to training. A call needs
    every input (a session did without those that have a default) and computes every output. A value of a wrong shape
    raises InvalidArgumentError, where a session raised ValueError. And no graph and no session are the default ones any
    more for functions of other files that are called here.

    To do: run it once on each model that it loads in production, and compare with what the old code returns.

    https://www.tensorflow.org/api_docs/python/tf/saved_model/load
    """,
)
PREDICTOR = explain(
    'LOAD102',
    'tf.contrib.predictor becomes a function',
    """
    TensorFlow 2 has no tf.contrib. The predictor becomes a function with the same inputs and outputs: it loads the
    model with tf.saved_model.load and calls the signature, with values converted as the predictor's session converted
    them.

        predict_fn = tf.contrib.predictor.from_saved_model(export_dir)

    becomes

        predict_fn = load_predictor(export_dir)

    where load_predictor is a function that is put into the file, with `import tensorflow as tf` where the file has no
    such import. Calls of predict_fn stay as they are. Its attributes
    (session, graph, feed_tensors, fetch_tensors) are gone, and a call needs every input of the signature; the predictor
    did without those that have a default.

    To do: run it once on each model that it loads; tf.saved_model.load refuses some that a session takes
    (`savedmodel-migrate explain LOAD101` lists them). Check that no other file uses the predictor's attributes.

    https://www.tensorflow.org/api_docs/python/tf/saved_model/load
    """,
)
LEFT_ALONE = explain(
    'LOAD901',
    'The SavedModel load is left alone',
    """
    The code loads a SavedModel into a session and uses the session in a way that can't be turned into calls of a
    signature without guessing; the message says which, and in which line. Only names in it are moved to tf.compat.v1:
    under `with tf.Graph().as_default():` it goes on working, on the models that TensorFlow 1 exported and on those that
    the rewritten exports write, as long as it takes tensor names from the signature.

    To do: nothing has to be done at once. To leave sessions behind, call the signature:

        model = tf.saved_model.load(export_dir)
        outputs = model.signatures['serving_default'](x=tf.constant(x))
        y = outputs['y'].numpy()

    https://www.tensorflow.org/guide/migrate/saved_model
    """,
)
TENSOR_NAMES = explain(
    'LOAD902',
    'Literal tensor names',
    """
    Tensors are fed or fetched by names like `x:0`. They exist in the graph that TensorFlow 1 exported, and the code
    goes on working on that model. A model exported by TensorFlow 2 has other tensor names (serving_default_x:0,
    StatefulPartitionedCall:0), which change from export to export; code that names them fails, or finds another tensor
    the next time. The names that stay are those of the signature.

        y = sess.run('dense/Softmax:0', {'x:0': x})

    becomes

        model = tf.saved_model.load(export_dir)
        y = model.signatures['serving_default'](x=tf.constant(x))['probabilities'].numpy()

    To do, before the new model is rolled out: look the names up with `saved_model_cli show --dir MODEL --all`, which
    lists inputs and outputs of each signature next to the tensors that they stand for. If a tensor is in no signature,
    add a signature with it to the export. Where the graph is no SavedModel's, as one that import_graph_def or
    import_meta_graph reads from a file in another module, its names stay, and nothing has to be done.

    https://www.tensorflow.org/guide/saved_model#details_of_the_savedmodel_command_line_interface
    """,
)
META_GRAPH = explain(
    'LOAD903',
    'A MetaGraph or frozen graph is imported',
    """
    import_meta_graph and import_graph_def rebuild a TF1 graph under its own tensor names. TensorFlow 2 still has both,
    for use inside of a graph: with eager execution import_meta_graph fails, and import_graph_def does nothing and
    returns None, without a word. The files are not SavedModels and don't change when a model is exported anew.

        with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
            tf.compat.v1.import_graph_def(graph_def, name='')

    To do: if the finding is `manual`, put the import and the session that runs it under `with
    tf.Graph().as_default():`, as above. If it is `review`, a graph is open and it works as before; check that it is the
    one that you mean. For a function without a session, import it inside of tf.compat.v1.wrap_function and `prune` that
    to the tensors that are fed and fetched, as the guide shows.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/import_meta_graph
    https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function
    """,
)
PREDICTOR_LEFT_ALONE = explain(
    'LOAD904',
    'tf.contrib.predictor is left alone',
    """
    TensorFlow 2 has no tf.contrib, so this code does not run there; the message says why it can't be rewritten.

    To do: call the signature of the exported model. It takes tensors by input name and returns tensors by output name:

        signature = tf.saved_model.load(export_dir).signatures['serving_default']
        y = signature(x=tf.constant(x))['y'].numpy()

    A predictor that is made from an Estimator (from_estimator) needs an export first.

    https://www.tensorflow.org/api_docs/python/tf/saved_model/load
    """,
)
KERAS = explain(
    'LOAD905',
    'A Keras model is saved as or loaded from a SavedModel',
    """
    In TensorFlow 2.16 and later tf.keras is Keras 3, which neither saves nor loads Keras models as SavedModels. What to
    write instead depends on what the model is for, and input and output names of the signature are others than before
    (output_0 instead of the last layer's name): so this is left to a person.

    To serve it:

        model.export(export_dir)

    To call a SavedModel, by itself or as a layer of another model:

        outputs = tf.saved_model.load(export_dir).signatures['serving_default'](x)
        layer = keras.layers.TFSMLayer(export_dir, call_endpoint='serving_default')

    To train it further, save it to a file that ends in .keras, with the old version first where the model is only there
    as a SavedModel.

    With tf_keras and TF_USE_LEGACY_KERAS=1 the code runs as it is (`savedmodel-migrate explain NAM102`).

    To do: choose one of these. For a model that is served, compare names and outputs of the old and the new one with
    `savedmodel-migrate verify`.

    https://keras.io/api/models/model_saving_apis/export/
    """,
)

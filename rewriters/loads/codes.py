"""The codes of this room's findings, and what `explain` says of each."""

from __future__ import annotations

from rewriters.findings import explain

LOADED = explain(
    'LOAD101',
    'Session that runs a SavedModel rewritten',
    """tf.saved_model.load takes the place of the session, and each run calls the signature that the names came from.
    Fed values are converted as Session.run converted them: to the dtype of the input. What the source can't tell is
    whether tf.saved_model.load takes the model; where it does not, it says so when the model is loaded: it refuses
    signatures that assign to reference variables (the counters of TF1), signatures with a placeholder that they don't
    list as an input, inputs whose names are Python keywords, py_func, custom ops, and models without shapes (TF 1.0).
    Reference variables don't show up in `variables`, which matters only to training. A call of a signature needs every
    input (a session did without those that have a default) and computes every output. A value of a wrong shape raises
    InvalidArgumentError, where a session raised ValueError. And no graph and no session are the default ones any more
    for functions of other files that are called here.""",
)
PREDICTOR = explain(
    'LOAD102',
    'tf.contrib.predictor rewritten',
    """The predictor is now a function with the same inputs and outputs: it loads the model with tf.saved_model.load
    and calls the signature, with values converted as the predictor's session converted them. Its attributes (session,
    graph, feed_tensors, fetch_tensors) are gone. A call needs every input of the signature; the predictor did without
    those that have a default.""",
)
LEFT_ALONE = explain(
    'LOAD901',
    'SavedModel load left alone',
    """The code loads a SavedModel into a session and uses the session in a way that can't be turned into calls of a
    signature without guessing; the message says which. It is left as it was, with its names moved to tf.compat.v1:
    inside of `with tf.Graph().as_default():` it goes on working on models that TensorFlow 1 exported.""",
)
TENSOR_NAMES = explain(
    'LOAD902',
    'Literal tensor names',
    """Tensors are fed or fetched by names like `x:0`. They exist in the graph that TensorFlow 1 exported, and the code
    goes on working on that model; a model exported by TensorFlow 2 has other tensor names (serving_default_x:0,
    StatefulPartitionedCall:0), which change from export to export. The names that stay are those of the signature:
    `saved_model_cli show --dir MODEL --all` (or `savedmodel-migrate inspect MODEL`) lists them next to the tensors
    that they stand for.""",
)
META_GRAPH = explain(
    'LOAD903',
    'MetaGraph or frozen graph imported',
    """import_meta_graph and import_graph_def rebuild a TF1 graph under its own tensor names. TensorFlow 2 still has
    both, for use inside of a graph: with eager execution import_meta_graph fails, and import_graph_def does nothing and
    returns None. The files are not SavedModels and don't change when a model is exported anew.""",
)
PREDICTOR_LEFT_ALONE = explain(
    'LOAD904',
    'tf.contrib.predictor left alone',
    """TensorFlow 2 has no tf.contrib, so this code does not run there; the message says why it was not rewritten.
    The way out is tf.saved_model.load(directory).signatures[key], which takes tensors by input name and returns
    tensors by output name.""",
)
KERAS = explain(
    'LOAD905',
    'Keras model saved as or loaded from a SavedModel',
    """In TensorFlow 2.16 and later tf.keras is Keras 3, which neither saves nor loads Keras models as SavedModels. For
    serving, model.export(directory) writes one; for calling a SavedModel, there is tf.saved_model.load(directory), or
    keras.layers.TFSMLayer(directory, call_endpoint='serving_default') as a layer; for saving a model that is to be
    trained further, a file that ends in .keras. Input and output names of the signature are others than before
    (output_0 instead of the last layer's name), so this is left to a person. With tf_keras and TF_USE_LEGACY_KERAS=1
    the code runs as it is.""",
)

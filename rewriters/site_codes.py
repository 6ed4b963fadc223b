"""The codes of findings at export sites, and what `explain` says of each."""

from __future__ import annotations

from rewriters.findings import explain

REWRITTEN = explain(
    'EXP101',
    'The export becomes a tf.function',
    """
    The statements between the placeholders and the served tensors become signature methods of a tf.Module, and
    tf.saved_model.save writes the model. The ops and their order are the same.

        with tf.Graph().as_default(), tf.Session() as sess:
            x = tf.placeholder(tf.float32, [None], name='x')
            y = x * 2.
            tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})

    becomes

        class Serving(tf.Module):

            @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
            def serving_default(self, x):
                return {'y': x * 2.}

        tf.saved_model.save(module, 'export', signatures={'serving_default': module.serving_default})

    Two things differ by TensorFlow 2's own design. The tensors inside have other names, which breaks clients that feed
    or fetch by tensor name, and no others. And saving into a folder that exists replaces the model in it, where
    SavedModelBuilder refused: see that each export gets a folder of its own. Where code between the builder and
    save() may use the folder, it is made where the builder made it.

    To do: nothing if the finding is `equivalent`; if it is `review`, check what it names. `savedmodel-migrate prove`
    exports both and compares what they return.

    https://www.tensorflow.org/guide/migrate/saved_model
    """,
)
WRAPPED = explain(
    'EXP102',
    'The export becomes a graph function',
    """
    A call between the placeholders and the served tensors may create variables where a tf.function can't track them
    (get_variable, tf.layers, a function of another file), or the graph comes from a MetaGraph file. The message says
    which. tf.compat.v1.wrap_function builds that part once, as TensorFlow 1 did; the module tracks its variables, which
    are filled from the checkpoint by name, and the signatures call it.

        output = inference(images)                                     # makes variables by get_variable

    becomes, in the module's `__init__`,

        self._inference = tf.compat.v1.wrap_function(
            lambda images: inference(images), [tf.TensorSpec([None, 784], tf.float32)])
        self._variables = self._inference.variables

    and in a signature method

        output = self._inference(images)

    Where no single call can be wrapped (the graph is built in scopes, loops or branches, by get_variable or tf.layers
    in place, or from a frozen GraphDef), all statements that build it go, as they stand, into one function:

        graph = tf.compat.v1.wrap_function(build_graph, [])
        tensors = graph.structured_outputs
        self.serving_default = tf.function(
            graph.prune([tensors['x']], {'y': tensors['y']}),
            input_signature=[tf.TensorSpec.from_tensor(tensors['x'], name='x')])

    It runs once, when the module is made. Variables get the names that TensorFlow 1 gave them.

    Where a checkpoint is restored, a variable whose name is not in it raises an error when the module is made: no value
    is made up. As with every form, tensors have other names inside of the new model.

    To do: nothing if the finding is `equivalent`; if it is `review`, check what it names. An export that restores no
    checkpoint, for one, serves initial values, which may be random.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function
    """,
)
KEPT_SESSION = explain(
    'EXP103',
    'The export keeps its session',
    """
    The code that builds the graph, trains or restores it stays as it is, under tf.compat.v1, and session_module.save
    writes what the live session serves as a native TensorFlow 2 SavedModel: same signatures, same values, and the
    tables and assets that they need.

        builder = tf.saved_model.builder.SavedModelBuilder(export_dir)
        builder.add_meta_graph_and_variables(self.sess, ['serve'], signature_def_map=signatures)
        builder.save()

    becomes

        session_module.save(self.sess, export_dir, tags=['serve'], signature_def_map=signatures)

    session_module.py is one file that `rewrite` puts beside the script or its package, or where the setting
    `session-module` of [tool.savedmodel-migrate] in pyproject.toml gives it one place in the project, as
    'tools/session_module.py'. It needs nothing but TensorFlow; commit it with the code. The message says why the graph
    could not be read from the source: making it a tf.Module by hand, later, is a choice and not a need.

    What the model no longer has: optimizer slots, step counters and whatever else no signature needs. Ops that ran when
    the model was loaded (main_op, legacy_init_op) are not in it: the values are those of the session.

    To do: nothing if the finding is `equivalent`. If it is `review`, mostly the file gets a call of
    disable_v2_behavior(), since it builds its graph outside of `with tf.Graph().as_default():`. That holds for the
    whole program: check that nothing else in it counts on eager execution or tf.function.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/disable_v2_behavior
    """,
)
LEFT_ALONE = explain(
    'EXP901',
    'The export is left alone',
    """
    The export is recognised, but no form fits it without guessing what it serves; the message says what stands in the
    way, and in which line. Only names in it are moved (to tf.compat.v1): it goes on writing a TensorFlow 1 SavedModel,
    which TensorFlow Serving and tf.saved_model.load still take.

    `savedmodel-migrate scan --verbose` lists each form with what kept the export from it. Often a small change is
    enough: write a signature's keys and tensors out where they are exported, call the builder in the function that
    makes it, or open the session in the same block.

    To do: make that change and run again; or write the tf.Module by hand, and compare old and new with
    `savedmodel-migrate verify`; or keep the model that it writes. To hear no more of it, end the line with

        # savedmodel-migrate: ignore[EXP901]

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/Builder
    """,
)
ESTIMATOR = explain(
    'EST101',
    'The Estimator export becomes a graph function',
    """
    TensorFlow 2.16 and later have no Estimator. The model_fn is evaluated for PREDICT and, where the Estimator is
    trained in the file, for TRAIN: branches on the mode are decided, and what neither serves nor trains is dropped.
    tf.compat.v1.wrap_function builds the served graph once, its variables are read from the newest checkpoint of the
    model_dir by name, and the export goes to a folder named after the time, as before. Training runs in a
    MonitoredTrainingSession.

        def model_fn(features, labels, mode):
            predictions = {'y': network(features['x'], training=mode == tf.estimator.ModeKeys.TRAIN)}
            if mode == tf.estimator.ModeKeys.PREDICT:
                return tf.estimator.EstimatorSpec(mode, predictions=predictions)
            ...

    becomes, for what is served,

        def model_fn_predict(features):
            predictions = {'y': network(features['x'], training=False)}
            return predictions

    What a RunConfig says of checkpoints, summaries and the seed goes into the call of the training session.

    To do: check that no other file imports the model_fn, which is gone under its old name; that nothing relies on
    other defaults of RunConfig (how often checkpoints and summaries are written); and run the training once.
    Checkpoints that the old code wrote go on working: names of variables are the same.

    https://www.tensorflow.org/guide/migrate/migrating_estimator
    """,
)
KEPT_ESTIMATOR = explain(
    'EST102',
    'The Estimator stays, on a support module',
    """
    No functions could be derived from the model_fn; the message says why. So the model_fn stays, and estimator_module
    stands in for tf.estimator in all files that work with this Estimator: it calls the model_fn as TensorFlow 1 did,
    reads and writes checkpoints by the same names, and exports with session_module what the session holds.

        estimator = tf.estimator.Estimator(model_fn, model_dir)

    becomes

        estimator = estimator_module.Estimator(model_fn, model_dir)

    estimator_module.py and session_module.py are placed beside the code, and those that are used of
    estimator_training_module.py (train_and_evaluate, exporters), estimator_inputs_module.py (numpy_input_fn),
    estimator_keras_module.py (model_to_estimator, which needs tf_keras), estimator_keys_module.py (PredictionKeys),
    estimator_modes_module.py (exports for TRAIN and EVAL) and estimator_tpu_module.py (TPUEstimator without a TPU).
    They need nothing but TensorFlow. Commit them with it.

    An Estimator with a model_fn inside of TensorFlow, like DNNClassifier, has no stand-in: a finding says so where the
    same file makes one.

    To do: export from a checkpoint that the old code wrote, and compare with `savedmodel-migrate verify`. Variables
    that Keras layers of TensorFlow 2 name in another way are not found in it, which raises an error.

    https://www.tensorflow.org/guide/migrate/migrating_estimator
    """,
)
ESTIMATOR_LEFT_ALONE = explain(
    'EST901',
    'The Estimator export is left alone',
    """
    TensorFlow 2.16 and later have no Estimator, so this code needs TensorFlow 2.15 or older; and the export can't be
    derived from the source without guessing, nor can estimator_module stand in for tf.estimator. The message says what
    stands in the way: often the model_fn is in a file that was not among those to rewrite, or a file imports what was
    private to TensorFlow.

    What always works is the model itself: export it once more with the old TensorFlow and keep serving it. TensorFlow
    Serving and tf.saved_model.load take it as it is.

    To do: where there is a model_fn, rewrite all files of the project together, make what the message names plain, and
    run again; or write the export anew and load the values by name (tf.train.load_checkpoint), and compare the two by
    `savedmodel-migrate verify`.

    https://www.tensorflow.org/guide/migrate/migrating_estimator
    """,
)

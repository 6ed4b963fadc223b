"""The codes of this room's findings, and what `explain` says of each."""

from __future__ import annotations

from rewriters.findings import explain

NEEDS_KERAS_2 = explain(
    'NAM101',
    'The symbol needs Keras 2',
    """
    `tf.layers`, `tf.nn.rnn_cell` and the session functions of `tf.keras.backend` still stand in `tf.compat.v1`, but
    since TensorFlow 2.16 they raise unless Keras 2 is there: `tf_keras` must be installed, in TensorFlow's version, and
    the environment variable TF_USE_LEGACY_KERAS be 1 before TensorFlow is first imported. The file sets it above its
    own imports, unless it sets it already:

        import os

        os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

        import tensorflow as tf

        x = tf.compat.v1.layers.dense(x, 10)                     # was: tf.layers.dense(x, 10)

    That comes too late where another module of the program imports TensorFlow earlier, and it holds for all of the
    program: other modules get Keras 2 as tf.keras, too.

    To do: `pip install tf_keras~=2.21.0` (the version of TensorFlow), and set the variable in the program's first
    module or in its environment. Reported once a file, and no more once the file mentions TF_USE_LEGACY_KERAS.

    https://www.tensorflow.org/guide/versions#keras_api
    """,
)
KERAS_3 = explain(
    'NAM102',
    'tf.keras is Keras 3 now',
    """
    Since TensorFlow 2.16 `tf.keras` and `tf.compat.v1.keras` are Keras 3, which knows no sessions and reads other model
    files. Code written for TensorFlow 1 may fail there, or train otherwise.

    No line is added for that: much of Keras works in both, and the variable that brings Keras 2 back holds for the
    whole program, so the choice is yours. Where the two generations of Keras 2 differ (optimizers, LSTM, initializers,
    …) names move to `tf.compat.v1.keras`.

    To do: either keep Keras 2, with `pip install tf_keras` and, before TensorFlow is imported,

        os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')

    or move the code to Keras 3 and compare what the models return. Reported once a file, where `tf.keras` is first
    used.

    https://keras.io/guides/migrating_to_keras_3/
    """,
)
STANDALONE_KERAS = explain(
    'NAM103',
    'keras is Keras 3 now',
    """
    A Python with TensorFlow 2.16 or later has Keras 3 as `keras`. It builds no graph and runs nothing in a session,
    and `keras.backend` has no sessions, learning phase, placeholders or operations any more. TF_USE_LEGACY_KERAS
    changes nothing about that: it is for `tf.keras` alone.

        from keras import backend as K
        sess = K.get_session()

    is to become, with `pip install tf_keras` (in the version of TensorFlow) and TF_USE_LEGACY_KERAS=1 set before
    TensorFlow is imported,

        import tf_keras as keras
        sess = tf.compat.v1.keras.backend.get_session()

    To do: import `tf_keras` instead of `keras`; or move the code to Keras 3 and compare what the models return.
    Reported once a file: at the first use of what `keras.backend` has no more, or else where Keras is imported.

    https://keras.io/guides/migrating_to_keras_3/
    """,
)
GONE = explain(
    'NAM201',
    'The symbol is gone from TensorFlow 2',
    """
    Nothing in current TensorFlow, `tf.compat.v1` included, is what this name was: most of `tf.contrib`, `tf.estimator`
    (since TensorFlow 2.16), and a few others. The line is left alone, and raises AttributeError or ImportError when it
    runs.

    To do: the advice below the finding names a replacement where there is one. Check the defaults of its arguments:
    what took a symbol's place seldom has all of them alike. Where the line never runs on TensorFlow 2, `#
    savedmodel-migrate: ignore[NAM201]` on it says so.

    https://www.tensorflow.org/guide/migrate/upgrade
    """,
)
NOT_EDITED = explain(
    'NAM202',
    'The symbol has a new name, but cannot be renamed here',
    """
    The name means a TensorFlow 1 symbol that lives elsewhere now, but it stands where an exact edit is not possible:
    reached through an import or alias that has no name for TensorFlow itself, inside an f-string that shows the
    expression, in an import statement with comments in it, or behind `import *`. It is left as it is, and fails when it
    runs.

        from tensorflow import *
        sess = Session()

    is to become

        import tensorflow as tf
        sess = tf.compat.v1.Session()

    To do: rename it by hand as the advice says, or make the import plain and run again.

    https://www.tensorflow.org/guide/migrate/upgrade
    """,
)
AMBIGUOUS = explain(
    'NAM203',
    'The call reads differently under TensorFlow 1 and 2',
    """
    The file uses `tf.compat.v1`, so it may be TensorFlow 1.15 code or TensorFlow 2 code, and this call means one thing
    in the former and another in the latter, since its positional arguments are in another order. Often neither raises:
    the numbers would just be wrong. So it is left alone.

        y = tf.nn.dropout(x, 0.4)               # TensorFlow 1 keeps 40 %, TensorFlow 2 drops 40 %

    is to become one of

        y = tf.nn.dropout(x, rate=0.6)          # where TensorFlow 1 was meant
        y = tf.nn.dropout(x, rate=0.4)          # where TensorFlow 2 was meant

    To do: find out for which the line was written, and pass the arguments by keyword, or write `tf.compat.v1.…` where
    TensorFlow 1 was meant.

    https://www.tensorflow.org/api_docs/python/tf/compat/v1/nn/dropout
    """,
)
SOURCE_GONE = explain(
    'NAM204',
    'The private module or name is gone from TensorFlow 2',
    """
    `tensorflow.python`, `tensorflow.core`, … are TensorFlow's own source, not its public interface. Much of it is still
    there, and such imports are left alone; this one is not in TensorFlow 2.21, so it raises ImportError or
    AttributeError.

        from tensorflow.python.framework.graph_util import convert_variables_to_constants

    is to become

        from tensorflow.compat.v1.graph_util import convert_variables_to_constants

    To do: use the public name that the advice gives, or look for one in the list of symbols; a private one may go with
    any release.

    https://www.tensorflow.org/guide/versions
    https://www.tensorflow.org/api_docs/python/tf/all_symbols
    """,
)
HANDED_ON = explain(
    'NAM205',
    'TensorFlow comes from elsewhere',
    """
    The file uses TensorFlow under a name that another module hands on (`from ..compat import tf`, or `import *`), that
    a call returns (`tf = import_tf()`), or that is a parameter. What it means is decided elsewhere, so nothing of it is
    renamed here. Reported once for each name and source, where something is used that TensorFlow 2 has only in
    `tf.compat.v1`, if at all.

        from ..compat import tf
        sess = tf.Session()

    To do: import TensorFlow in this file and run again. Names like `tfv1` most likely are `tf.compat.v1`: make sure
    where they are handed on.

    https://www.tensorflow.org/guide/migrate/upgrade
    """,
)
COMPUTED = explain(
    'NAM206',
    'The name of the symbol is computed',
    """
    The call finds a symbol whose name is not in the source. The file was written for TensorFlow 1, and in TensorFlow 2
    some symbols of that module are gone, or mean something else.

        activation = getattr(tf.nn, FLAGS.activation)

    To do: look up what the name may be at run time. If all of it is in `tf.compat.v1`, take it from there:

        activation = getattr(tf.compat.v1.nn, FLAGS.activation)

    https://www.tensorflow.org/guide/migrate/upgrade
    """,
)
BY_VALUE = explain(
    'NAM207',
    'TensorFlow itself is handed on',
    """
    The module goes where it is not followed: into an attribute, to a function, into a list. What is used of it there
    is not looked at, and may be gone from TensorFlow 2 or mean something else. Other names for it (`t = tf`) are
    followed.

        self.tf = tf
        sess = self.tf.Session()

    To do: use the imported name where TensorFlow is used, then run again; or look there yourself, and hand on
    `tf.compat.v1` if what is used is all there.

    https://www.tensorflow.org/guide/migrate/upgrade
    """,
)

"""The findings of this room, and what `explain` says about them."""

from __future__ import annotations

from rewriters.findings import explain

NEEDS_KERAS_2 = explain(
    'NAM101',
    'the symbol needs Keras 2',
    """`tf.layers`, `tf.nn.rnn_cell` and the session functions of `tf.keras.backend` still stand in `tf.compat.v1`, but
    since TensorFlow 2.16 they raise unless Keras 2 is there: `tf_keras` must be installed, in TensorFlow's version, and
    the environment variable TF_USE_LEGACY_KERAS be 1 before TensorFlow is first imported. The name was changed to
    `tf.compat.v1`, and the file sets the variable above its own imports, unless it is set already. That comes too late
    where another module of the program imports TensorFlow earlier. Reported once a file; a file that mentions
    TF_USE_LEGACY_KERAS gets neither the line nor the finding.""",
)
KERAS_3 = explain(
    'NAM102',
    'tf.keras is Keras 3 now',
    """Since TensorFlow 2.16 `tf.keras` and `tf.compat.v1.keras` are Keras 3, which knows no sessions and reads other
    model files. Code written for TensorFlow 1 wants Keras 2: install `tf_keras` and set TF_USE_LEGACY_KERAS=1 before
    TensorFlow is imported. No line is added for that: much of Keras works in both, and the variable holds for the whole
    program, so the choice is yours. Where the two generations of Keras 2 differ (optimizers, LSTM, initializers, …) the
    name was changed to `tf.compat.v1.keras`. Reported once a file, where `tf.keras` is first used.""",
)
GONE = explain(
    'NAM201',
    'the symbol is gone from TensorFlow 2',
    """Nothing in current TensorFlow, `tf.compat.v1` included, is what this name was: all of `tf.contrib`,
    `tf.estimator` (since TensorFlow 2.16), and a few others. The line is left alone and fails when it runs. The
    advice names a replacement where there is one.""",
)
NOT_EDITED = explain(
    'NAM202',
    'the symbol has a new name, but cannot be renamed here',
    """The name means a TensorFlow 1 symbol that lives elsewhere now, but it stands where an exact edit is not possible:
    reached through an import or alias that has no name for TensorFlow itself, inside an f-string that shows
    the expression, in an import statement with comments in it, or behind `import *`. Rename it by hand as the
    advice says.""",
)
AMBIGUOUS = explain(
    'NAM203',
    'the call reads differently under TensorFlow 1 and 2',
    """The file uses `tf.compat.v1`, so it may be TensorFlow 1.15 code or TensorFlow 2 code, and this call means one
    thing in the former and another in the latter: its positional arguments are in another order, as in
    `tf.nn.dropout(x, 0.4)` (keep 40 % or drop 40 %). It is left alone. Pass the arguments by keyword, or write
    `tf.compat.v1.…`.""",
)
SOURCE_GONE = explain(
    'NAM204',
    'the private module or name is gone from TensorFlow 2',
    """`tensorflow.python`, `tensorflow.core`, … are TensorFlow's own source, not its public interface. Much of it is
    still there, and such imports are left alone; this one is not in TensorFlow 2.21.""",
)

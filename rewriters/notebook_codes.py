"""What is said of notebooks: cells that are no Python, and rewrites that do not fit into the cells."""

from __future__ import annotations

from rewriters.findings import explain

OTHER_LANGUAGE = explain(
    'NBK101',
    'A cell with a magic is not looked into',
    """
    A cell that begins with a magic like `%%writefile` or `%%bash` is not Python that the notebook runs, and stays as it
    is. This one mentions TensorFlow, so it may hold, or start, TensorFlow 1 code.

    To do: look into the cell. What `%%writefile` writes can be rewritten where it is written to, by
    `savedmodel-migrate rewrite` with the path of that file.

    https://ipython.readthedocs.io/en/stable/interactive/magics.html#cell-magics
    """,
)

DOES_NOT_FIT = explain(
    'NBK102',
    'A rewrite does not fit into the cells',
    """
    The notebook's cells were rewritten as one script, and the new code could not be put back into them: code of one
    cell, or a magic in between, would have moved. So nothing was changed.

    To do: put what belongs to the export into one cell, without magics in between, and run again. Or save the notebook
    as a script (`jupyter nbconvert --to script`), and rewrite that.

    https://www.tensorflow.org/guide/saved_model
    """,
)

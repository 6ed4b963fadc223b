"""What is said of notebooks: cells that are no Python, and rewrites that do not fit into the cells."""

from __future__ import annotations

from rewriters.findings import explain

OTHER_LANGUAGE = explain(
    'NBK101',
    'A cell with a magic is not looked into',
    """
    A cell that begins with a magic like `%%writefile` or `%%bash` is not Python that the notebook runs, and stays as it
    is. This one mentions TensorFlow, so it may hold, or start, TensorFlow 1 code. Of the files that `%%writefile`
    writes only Python is told of.

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

TENSORFLOW_1 = explain(
    'NBK103',
    'The notebook asks for TensorFlow 1',
    """
    A line of the notebook chooses or installs TensorFlow 1, as `%tensorflow_version 1.x` or `!pip install
    tensorflow-gpu==1.15` do. It stays as it is, and what is rewritten around it is for TensorFlow 2. Where the line
    works, the new code meets the old TensorFlow; elsewhere it fails: Colab has no TensorFlow 1 any more, and for no
    Python from 3.8 on is there a package of it to install.

    To do: once the notebook is rewritten, delete the line, or let it install the TensorFlow that the notebook is now
    for. Look after other packages that the same line installs: tensorflow-hub, tensorflow-probability and their like
    come in versions that belong to one of TensorFlow.

    https://www.tensorflow.org/install/pip
    """,
)

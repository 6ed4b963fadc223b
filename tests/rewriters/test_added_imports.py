"""Imports go to the same places whether libcst reads all of a source or only its head."""

import ast
from pathlib import Path

import pytest

from rewriters.added_imports import text_with_imports, with_imports
from rewriters.module_view import parse_module

_FOLDER = Path(__file__).parent
_TAIL = '\n\ndef main():\n    import os\n    tf.app.run()\n\n\nif __name__ == "__main__": main()\n# footer\n'
_HEADS = [
    'import tensorflow as tf\n',
    '"""Text."""\n# header\nimport tensorflow as tf; import os\n\n# noted\nx = 1; y = 2\n',
    'import os\n\nX = os.environ\nimport tensorflow as tf  # late\nimport numpy as np\n',
    'try:\n    import tensorflow as tf\n    # footer\n\nexcept ImportError:\n    tf = None\n    # footer\n# noted\n\n',
    'if x:\n  import tensorflow.compat.v1 as tf\nelif y: import tensorflow as tf\nelse:\n  import tensorflow as tf\n',
    'def f(): pass\nclass C:\n\timport tensorflow\nwith a:\n\tprint(1)\n\timport tensorflow as tf\n\tb\n',
    'from __future__ import division\nx = 1\nfor i in y:\n    def f():\n        import tensorflow as tf\n',
    'import os\nif typing.TYPE_CHECKING:\n    import tensorflow as tf\n\nX = 1\n',
    '# no import\nx = tf\n',
]


def _check(text):
    lines = ['import session_module', 'import estimator_module']
    expected = with_imports(parse_module(text), lines).code
    assert text_with_imports(text, ast.parse(text), lines) == expected


@pytest.mark.parametrize('newline', ['\n', '\r\n'])
@pytest.mark.parametrize('tail', ['', _TAIL, _TAIL.rstrip('\n')])
@pytest.mark.parametrize('head', _HEADS)
def test_they_go_where_they_would_for_the_whole(head, tail, newline):
    _check((head + tail).replace('\n', newline))


@pytest.mark.parametrize('folder', ['estimator_pairs', 'estimator_refusals', 'session_pairs', 'load_pairs'])
def test_they_go_there_in_whole_files(folder):
    files = sorted((_FOLDER / folder).rglob('*.py'))
    assert files
    for file in files:
        _check(file.read_text('utf-8'))


def test_nothing_goes_where_only_types_are_checked() -> None:
    text = 'import os\nif typing.TYPE_CHECKING:\n    import tensorflow as tf\n\nX = 1\n'
    assert with_imports(parse_module(text), ['import session_module']).code.startswith('import os\nimport session')

"""Which TensorFlow symbol a dotted name means at one place of a module."""

from __future__ import annotations

import ast
import textwrap

import pytest

from rewriters.symbols import Symbols, canonical

PLACEHOLDER, V1_PLACEHOLDER = 'tensorflow.placeholder', 'tensorflow.compat.v1.placeholder'


def meaning(source: str, name: str) -> str | None:
    """What `name` means where the source calls `here()`."""
    tree = ast.parse(textwrap.dedent(source))
    places = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'here'
    ]
    return Symbols.from_tree(tree).resolve(name, places[0].lineno, places[0].col_offset)


IMPORTS = [
    ('import tensorflow as tf', 'tf.placeholder', PLACEHOLDER),
    ('import tensorflow', 'tensorflow.placeholder', PLACEHOLDER),
    ('import tensorflow.compat.v1 as tf', 'tf.placeholder', V1_PLACEHOLDER),
    ('import tensorflow.compat.v1', 'tensorflow.compat.v1.placeholder', V1_PLACEHOLDER),
    ('from tensorflow.compat import v1 as tf', 'tf.placeholder', V1_PLACEHOLDER),
    ('from tensorflow import placeholder as p', 'p', PLACEHOLDER),
    ('from tensorflow.python.ops import array_ops', 'array_ops.identity', 'tensorflow.python.ops.array_ops.identity'),
    ('import numpy as tf', 'tf.placeholder', None),
    ('from . import tensorflow as tf', 'tf.placeholder', None),
    ('from tensorflow import *', 'placeholder', None),
    ('import tensorflowjs as tf', 'tf.placeholder', None),
]


@pytest.mark.parametrize(('source', 'name', 'expected'), IMPORTS)
def test_imports(source: str, name: str, expected: str | None) -> None:
    assert meaning(f'{source}\nhere()\n', name) == expected


SAME = {
    'tried first as compat.v1': """
        try:
            import tensorflow.compat.v1 as tf
        except ImportError:
            import tensorflow as tf
        here()
        """,
    'narrowed to compat.v1': """
        import tensorflow as tf
        tf = tf.compat.v1
        here()
        """,
    'imported again inside': """
        import tensorflow as tf
        def export():
            import tensorflow.compat.v1 as tf
            here()
        """,
}


@pytest.mark.parametrize('source', SAME.values(), ids=SAME)
def test_compat_v1(source: str) -> None:
    assert meaning(source, 'tf.placeholder') == V1_PLACEHOLDER


STILL_TENSORFLOW = {
    'in a function': 'def f():\n    here()\n',
    'in an async function': 'async def f():\n    here()\n',
    'in a lambda': 'f = lambda x: here()\n',
    'beside another function with a local tf': 'def f(tf):\n    pass\nhere()\n',
    'beside a comprehension with a tf of its own': '[tf for tf in ()]\nhere()\n',
    'beside a lambda with a tf of its own': 'f = lambda tf: tf\nhere()\n',
    'in a method of a class with an attribute tf': 'class A:\n    tf = 1\n    def f(self):\n        here()\n',
    'imported again': 'import tensorflow as tf\nhere()\n',
}


@pytest.mark.parametrize('source', STILL_TENSORFLOW.values(), ids=STILL_TENSORFLOW)
def test_still_tensorflow(source: str) -> None:
    assert meaning('import tensorflow as tf\n' + source, 'tf.placeholder') == PLACEHOLDER


SHADOWED = {
    'by a parameter': 'def f(tf):\n    here()\n',
    'by a keyword-only parameter': 'def f(*, tf=None):\n    here()\n',
    'by *args': 'def f(*tf):\n    here()\n',
    'by a lambda': 'f = lambda tf: here()\n',
    'by a comprehension': '[here() for tf in ()]\n',
    'by an assignment': 'tf = other\nhere()\n',
    'by a later assignment': 'here()\ntf = other\n',
    'by a local assignment further down': 'def f():\n    here()\n    tf = 1\n',
    'by an annotated assignment': 'tf: int = 1\nhere()\n',
    'by an augmented assignment': 'tf += 1\nhere()\n',
    'by unpacking': 'tf, other = 1, 2\nhere()\n',
    'by a loop': 'for tf in ():\n    pass\nhere()\n',
    'by a with': 'with open("f") as tf:\n    pass\nhere()\n',
    'by an except': 'try:\n    pass\nexcept OSError as tf:\n    pass\nhere()\n',
    'by a walrus': 'print(tf := 1)\nhere()\n',
    'by another import': 'import transformers as tf\nhere()\n',
    'by a function': 'def tf():\n    pass\nhere()\n',
    'by a class': 'class tf:\n    pass\nhere()\n',
    'by an attribute, in the class body': 'class A:\n    tf = 1\n    here()\n',
    'by a function that declares it global': 'def f():\n    global tf\n    tf = 1\nhere()\n',
    'by a match': 'match 1:\n    case tf:\n        pass\nhere()\n',
    'by del': 'del tf\nhere()\n',
}


@pytest.mark.parametrize('source', SHADOWED.values(), ids=SHADOWED)
def test_shadowed(source: str) -> None:
    assert meaning('import tensorflow as tf\n' + source, 'tf.placeholder') is None


def test_assignments_are_followed() -> None:
    source = """
        import tensorflow as tf
        saved_model = tf.saved_model
        builder = saved_model.builder
        def f():
            make = builder.SavedModelBuilder
            def g():
                here()
        """
    assert meaning(source, 'make') == 'tensorflow.saved_model.builder.SavedModelBuilder'


def test_assignments_in_a_circle_mean_nothing() -> None:
    assert meaning('a = b\nb = a\nhere()\n', 'a.placeholder') is None


def test_a_name_that_is_bound_to_one_thing_in_two_places() -> None:
    source = """
        import tensorflow as tf
        if True:
            run = tf.Session
        else:
            run = tf.Session
        here()
        """
    assert meaning(source, 'run') == 'tensorflow.Session'


def test_other_imports_are_known_but_not_tensorflow() -> None:
    tree = ast.parse('import numpy as np\n')
    symbols = Symbols.from_tree(tree)
    assert symbols.qualified('np.ones', 1, 0) == 'numpy.ones'
    assert symbols.resolve('np.ones', 1, 0) is None


def test_module_names() -> None:
    source = 'import tensorflow as tf\nimport tensorflow.compat.v1 as tf1\nimport tensorflow as other\nother = 1\n'
    symbols = Symbols.from_tree(ast.parse(source))
    assert symbols.module_names('tensorflow') == ('tf',)
    assert symbols.module_names('tensorflow.compat.v1') == ('tf1',)


@pytest.mark.parametrize(
    ('qualified', 'name'),
    [
        ('tensorflow.saved_model.builder.SavedModelBuilder', 'saved_model.Builder'),
        ('tensorflow.compat.v1.saved_model.Builder', 'saved_model.Builder'),
        ('tensorflow.python.saved_model.builder_impl.SavedModelBuilder', 'saved_model.Builder'),
        ('tensorflow.saved_model.tag_constants.SERVING', 'saved_model.SERVING'),
        ('tensorflow.python.saved_model.simple_save.simple_save', 'saved_model.simple_save'),
        ('tensorflow.io.parse_example', 'parse_example'),
        ('tensorflow._api.v1.saved_model.simple_save', 'saved_model.simple_save'),
        ('tensorflow.placeholder', 'placeholder'),
    ],
)
def test_canonical(qualified: str, name: str) -> None:
    assert canonical(qualified) == name

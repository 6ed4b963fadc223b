"""Notebooks: found, rewritten cell by cell, and of the file only the source of cells that changed is another."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.migrate.command import run

EXPORT = """\
def export(folder):
    with tf.Session(graph=tf.Graph()) as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        y = x * 2
        tf.saved_model.simple_save(sess, folder, inputs={'x': x}, outputs={'y': y})

export('model')"""
MAGICS = """\
%matplotlib inline
!pip install tensorflow==1.15 \\
    tf_slim
files = !ls *.py
if files:
    %cd ..
tf?
import tensorflow as tf"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cell(source: str, kind: str = 'code', as_list: bool = True) -> dict[str, Any]:
    lines: Any = source.splitlines(keepends=True) if as_list else source
    outputs = {'execution_count': 3, 'outputs': [{'text': ['tensorflow é ✓\n'], 'output_type': 'stream'}]}
    return {
        'cell_type': kind,
        'metadata': {'z': 1, 'a': [1.0, 1e3]},
        **(outputs if kind == 'code' else {}),
        'source': lines,
    }


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {'nbformat_minor': 2, 'metadata': {'b': 1, 'a': 2, **metadata}, 'nbformat': 4, 'cells': list(cells)}


def write(content: dict[str, Any], indent: int | str | None = 1, name: str = 'a.ipynb', **layout: Any) -> bytes:
    layout = {'ensure_ascii': False, **layout}
    data = (json.dumps(content, indent=indent, **layout) + '\n').encode()
    Path(name).write_bytes(data)
    return data


def sources(name: str = 'a.ipynb') -> list[str]:
    return [''.join(cell['source']) for cell in json.loads(Path(name).read_bytes())['cells']]


CELLS = (
    cell('# Title\nwith `tf.placeholder`', 'markdown'),
    cell(MAGICS),
    cell('%%bash\npip install tensorflow\nif [ x ]; then', as_list=False),
    cell('print("é ✓")\n'),
    cell(EXPORT),
    cell(''),
    cell('%%time\nz = tf.placeholder(tf.float32)', as_list=False),
)


@pytest.mark.parametrize('indent', [1, 4, '\t', None])
@pytest.mark.parametrize('ensure_ascii', [True, False])
def test_only_the_source_of_cells_that_changed_is_another(indent: int | str | None, ensure_ascii: bool) -> None:
    before = write(notebook(*CELLS), indent, ensure_ascii=ensure_ascii).decode()
    old = sources()
    result = run('rewrite')
    assert 'rewrote a.ipynb' in result.stdout
    new = sources()
    changed = [number for number, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    assert changed == [4, 6]
    assert 'tf.saved_model.save(' in new[4]
    assert new[4].endswith("export('model')")
    assert new[6] == '%%time\nz = tf.compat.v1.placeholder(tf.float32)'
    after = Path('a.ipynb').read_text(encoding='utf-8')
    # What is not in these cells is the same text, and so is the layout within.
    again = json.loads(before)
    for number in changed:
        kind = type(again['cells'][number]['source'])
        again['cells'][number]['source'] = new[number].splitlines(keepends=True) if kind is list else new[number]
    assert after == json.dumps(again, indent=indent, ensure_ascii=ensure_ascii) + '\n'
    assert run('rewrite', '--check').stdout.count('would rewrite') == 0
    assert run('undo').exit_code == 0
    assert Path('a.ipynb').read_text(encoding='utf-8') == before


def test_odd_layouts_stay(folder: Path) -> None:
    source = '"import tensorflow as tf\\n" ,\t"x = tf.placeholder(tf.float32) # \\u003c\\/ \\n", "print(\\"\\u00e9\\")"'
    text = '\ufeff{"cells":[ {"source" : [' + source + ' ],"cell_type":"code", "source2": []}\r\n],\r\n "nbformat":4 }'
    (folder / 'a.ipynb').write_bytes(text.encode())
    run('rewrite')
    expected = text.replace(
        '= tf.placeholder(tf.float32) # \\u003c\\/ ', '= tf.compat.v1.placeholder(tf.float32) # </ '
    )
    assert (folder / 'a.ipynb').read_bytes() == expected.encode()


def test_findings_name_the_cell() -> None:
    write(
        notebook(
            cell('import tensorflow as tf'), cell('text', 'markdown'), cell('\nx = tf.estimator.DNNClassifier([8], c)')
        )
    )
    lines = run('scan').stdout.splitlines()
    assert lines[0].startswith('a.ipynb:cell 3:2:5: NAM201 [manual]')
    assert lines[1] == '    2 | x = tf.estimator.DNNClassifier([8], c)'
    github = run('scan', '--format', 'github').stdout.splitlines()[0]
    assert github.startswith('::error file=a.ipynb,title=NAM201 (manual)::cell 3, line 2: ')
    (result,) = json.loads(run('scan', '--format', 'sarif').stdout)['runs'][0]['results']
    assert 'region' not in result['locations'][0]['physicalLocation']
    for style in ('markdown', 'html'):
        page = run('report', '--format', style, '-o', '-').stdout
        assert 'cell 3, line 2' in page
        assert 'line 6' not in page  # of the script that the cells make


def test_tensorflow_that_another_module_hands_on_is_said() -> None:
    code = {**cell('from common import *\nx = tf.placeholder(tf.float32)', as_list=False), 'outputs': []}
    write(notebook(code))
    assert run('scan').stdout.startswith('a.ipynb:cell 1:2:5: NAM205 [manual] ')


def test_what_a_message_names_is_a_line_of_a_cell() -> None:
    write(
        notebook(
            cell('import tensorflow as tf'),
            cell('\n\nsettings = tf.contrib.learn.RunConfig()\nestimator = tf.estimator.Estimator(f, config=settings)'),
            cell("estimator.export_savedmodel('out', receiver_fn)"),
        )
    )
    (line,) = (line for line in run('scan').stdout.splitlines() if 'EST901' in line)
    assert line.startswith('a.ipynb:cell 3:1:1: EST901 [manual] ')
    assert re.findall(r'\([^)]*line [^)]*\)', line) == ['(cell 2, line 4)', '(cell 2, line 3)']


def test_a_cell_of_another_language_that_mentions_tensorflow_is_said() -> None:
    before = write(notebook(cell('%%writefile model.py\nimport tensorflow as tf\nprint "x"'), cell('%%bash\nls')))
    result = run('rewrite')
    assert (result.exit_code, Path('a.ipynb').read_bytes()) == (1, before)
    assert 'a.ipynb:cell 1:1:1: NBK101 [manual] a cell with `%%writefile` mentions TensorFlow' in result.stdout


@pytest.mark.parametrize(
    ('target', 'content', 'is_said'),
    [
        ('-a trainer/task.py', 'TF = "tensorflow"', True),
        ('"trainer/task.py"', 'TF = "tensorflow"', True),
        ('task', 'import tensorflow as tf', True),
        ('task.py.tmpl', 'from tensorflow import keras', True),
        ('conda_dependencies.yml', 'dependencies:\n- tensorflow=1.15', False),
        ('config.pbtxt', 'platform: "tensorflow_savedmodel"', False),
        ('Dockerfile', 'FROM tensorflow/serving', False),
    ],
)
def test_of_the_files_that_cells_write_only_python_is_said(target: str, content: str, is_said: bool) -> None:
    write(notebook(cell(f'%%writefile {target}\n{content}')))
    assert ('NBK101' in run('scan').stdout) == is_said


@pytest.mark.parametrize(
    ('line', 'is_said'),
    [
        ('%tensorflow_version 1.x', True),
        ('!pip install -q tensorflow==1.15', True),
        ('%pip install "tensorflow-gpu==1.15.2" numpy', True),
        ('!pip3 install \\\n    tensorflow<2', True),
        ('!conda install -y tensorflow=1.15', True),
        ("!{sys.executable} -m pip install 'tensorflow>=1.14,<2.0'", True),
        ('%tensorflow_version 2.x', False),
        ('!pip install tensorflow==2.15 tensorflow-serving-api==1.15', False),
        ('!pip install tensorflow', False),
        ('!pip install "tensorflow>=1.15"', False),
        ('# !pip install tensorflow==1.15', False),
        ('!echo tensorflow==1.15', False),
    ],
)
def test_a_line_that_asks_for_tensorflow_1_is_said(line: str, is_said: bool) -> None:
    write(notebook(cell('import sys'), cell(line), cell('import tensorflow as tf\nx = tf.placeholder(tf.float32)')))
    result = run('rewrite')
    assert ('a.ipynb:cell 2:1:1: NBK103 [manual] ' in result.stdout) == is_said == ('NBK103' in result.stdout)
    assert sources()[1] == line


def test_what_would_move_code_between_cells_is_left_alone() -> None:
    parts = EXPORT.replace('\n    with tf.Session(graph=tf.Graph()) as sess:', '').replace('def export(folder):\n', '')
    first, second = parts.replace('        ', '').split('y = ')
    before = write(notebook(
        cell('import tensorflow as tf\nfolder = "x"\nsess = tf.Session()\n' + first.strip()),
        cell('!ls'),
        cell('y = ' + second.replace("\n\nexport('model')", '')),
    ))  # fmt: skip
    result = run('rewrite')
    new = sources()
    if Path('a.ipynb').read_bytes() == before:
        assert result.exit_code == 1
    else:
        assert new[1] == '!ls'
        assert 'simple_save' not in new[2]


SESSION = """\
# The model.
with tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None], name='x')
    w = tf.Variable(2.0)
    y = w * x
    sess.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(sess, 'model', inputs={'x': x}, outputs={'y': y})"""


@pytest.mark.parametrize(
    'before',
    [
        ['import tensorflow as tf'],
        ['%matplotlib inline\nimport tensorflow as tf'],
        ['import tensorflow as tf\n%matplotlib inline'],
        ['import os\nimport tensorflow as tf\nprint(1)', '!ls', 'os.makedirs("x")'],
    ],
)
def test_the_cells_before_an_export_keep_their_code(before: list[str]) -> None:
    write(notebook(*map(cell, [*before, SESSION])))
    run('rewrite')
    *kept, export = sources()
    assert kept == before
    assert export.startswith('# The model.\n')
    assert 'tf.saved_model.save(' in export


def test_what_a_magic_names_is_needed() -> None:
    code = SESSION.replace('with tf.Session() as sess:', 'sess = tf.Session()').replace('\n    ', '\n')
    model, export = code.split('tf.saved_model')
    write(
        notebook(
            cell(f'import tensorflow as tf\n{model}%time sess.run(y, {{x: [1.0]}})'), cell(f'tf.saved_model{export}')
        )
    )
    result = run('scan', '-v')
    assert '(predict): can be rewritten: session' in result.stdout
    assert 'not tf.function: `%time sess.run(y, {x: [1.0]})` builds graph that no signature serves' in result.stdout
    run('rewrite')
    assert '\nsess = tf.compat.v1.Session()\n' in sources()[0]
    assert sources()[0].endswith('\n%time sess.run(y, {x: [1.0]})')


def test_what_moved_is_renamed_in_magics_that_run_python() -> None:
    write(
        notebook(
            cell('import tensorflow as tf\nx = 1.0'),
            cell(
                '%time y = tf.log(tf.log(x)) + \\\n    tf.log(x)\n!echo tf.log(x)\n%env A=tf.log\n'
                'z = %timeit -o tf.Session().run(x)'
            ),
            cell('%prun f(tf.contrib.layers.flatten)\n%time print("tf.log")'),
        )
    )
    lines = run('rewrite').stdout.splitlines()
    assert sources()[1:] == [
        '%time y = tf.math.log(tf.math.log(x)) + \\\n    tf.math.log(x)\n!echo tf.log(x)\n%env A=tf.log\n'
        'z = %timeit -o tf.compat.v1.Session().run(x)',
        '%prun f(tf.contrib.layers.flatten)\n%time print("tf.log")',
    ]
    at = next(number for number, line in enumerate(lines) if 'NAM201' in line)
    assert lines[at].startswith('a.ipynb:cell 3:1:1: NAM201 [manual] `tf.contrib.layers.flatten` is gone')
    assert lines[at + 1] == '    1 | %prun f(tf.contrib.layers.flatten)'
    assert run('rewrite', '--check').stdout.count('would rewrite') == 0


def test_what_a_magic_does_not_name_is_not(folder: Path) -> None:
    write(
        notebook(
            cell('import tensorflow as tf\n%matplotlib inline'), cell(SESSION), cell('%load_ext tensorboard\n!ls $HOME')
        )
    )
    assert 'can be rewritten: tf.function' in run('scan').stdout


@pytest.mark.parametrize(
    ('content', 'said'),
    [
        (b'{', 'is not a notebook'),
        (b'[]', 'is not a notebook'),
        (b'{"nbformat": 4}', 'is not a notebook'),
        (b'{"nbformat": 4, "cells": [1]}', 'is not a notebook'),
        (b'{"nbformat": 3, "worksheets": []}', 'is a notebook of an old format'),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "import tensorflow\\nprint 1"}]}',
            'cell 1, line 2: is Python 2',
        ),
        (b'\xff', 'is not a notebook'),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, said: str) -> None:
    data = content if b'tensorflow' in content else content.replace(b'"nbformat"', b'"tensorflow": 1, "nbformat"')
    data = data if b'tensorflow' in data else data + b'tensorflow'
    Path('a.ipynb').write_bytes(data)
    result = run('scan')
    assert result.exit_code == 3
    assert f'a.ipynb: {said}' in result.stderr


@pytest.mark.parametrize('metadata', [{'kernelspec': {'language': 'R'}}, {'language_info': {'name': 'julia'}}])
def test_notebooks_of_other_languages_are_left_alone(metadata: dict[str, Any]) -> None:
    write(notebook(cell('library(tensorflow)\nx <- tf$placeholder'), **metadata))
    assert run('scan').exit_code == 0


def test_checkpoints_are_left_out() -> None:
    Path('.ipynb_checkpoints').mkdir()
    write(notebook(*CELLS), name='.ipynb_checkpoints/a.ipynb')
    assert 'There is no Python file' in run('scan').stderr

"""Every pair in load_pairs/ is rewritten exactly so; every file in load_refusals/ keeps its load and says why."""

from __future__ import annotations

import functools
import io
import re
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from rewriters import Confidence, Finding, Rewrite, rewrite

PAIRS = Path(__file__).parent / 'load_pairs'
REFUSALS = Path(__file__).parent / 'load_refusals'
BEFORE, AFTER = '_before.py', '_after.py'
NAMES = sorted(path.name.removesuffix(BEFORE) for path in PAIRS.glob('*' + BEFORE))
EXPECTATION = re.compile(r'# expect: (.*)\n')


@pytest.fixture(params=NAMES)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The two files of a pair."""
    return (PAIRS / (request.param + BEFORE)).read_text('utf-8'), (PAIRS / (request.param + AFTER)).read_text('utf-8')


@pytest.fixture(params=sorted(path.name for path in REFUSALS.glob('*.py')))
def refused(request: pytest.FixtureRequest) -> str:
    return (REFUSALS / request.param).read_text('utf-8')


@functools.cache
def result_of(source: str) -> Rewrite:
    return rewrite(source.encode())


def rewritten(source: str) -> str:
    return result_of(source).source.decode()


def loads(source: str) -> list[Finding]:
    return [finding for finding in result_of(source).findings if finding.code.startswith('LOAD')]


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def test_every_file_belongs_to_a_pair() -> None:
    assert {path.name for path in PAIRS.iterdir()} == {name + suffix for name in NAMES for suffix in (BEFORE, AFTER)}


def test_before_becomes_after(pair: tuple[str, str]) -> None:
    assert rewritten(pair[0]) == pair[1]


def test_after_compiles(pair: tuple[str, str]) -> None:
    compile(pair[1], 'after.py', 'exec', dont_inherit=True)


def test_a_second_rewrite_changes_and_finds_nothing(pair: tuple[str, str]) -> None:
    assert rewritten(pair[1]) == pair[1]
    assert not result_of(pair[1]).findings


def test_each_load_is_reported_as_rewritten(pair: tuple[str, str]) -> None:
    found = loads(pair[0])
    assert found
    assert {finding.code for finding in found} <= {'LOAD101', 'LOAD102'}
    for finding in found:
        assert finding.confidence is Confidence.REVIEW
        assert re.search(r'load\(|from_saved_model\(', pair[0].splitlines()[finding.place.line - 1])


def test_comments_stay(pair: tuple[str, str]) -> None:
    assert comments(pair[1]) == comments(pair[0])


def test_newlines_stay(pair: tuple[str, str]) -> None:
    before, after = (text.replace('\n', '\r\n').encode() for text in pair)
    assert rewrite(before).source == after


def test_what_is_refused_says_why(refused: str) -> None:
    expected = EXPECTATION.findall(refused)
    assert expected
    found = [f'{finding.code} {finding.message}' for finding in result_of(refused).findings]
    if expected == ['nothing']:
        assert not [message for message in found if message.startswith('LOAD')]
        return
    for expectation in expected:
        code, _, words = expectation.partition(' ')
        assert any(message.startswith(code) and words in message for message in found), found


def test_what_is_refused_keeps_its_loads(refused: str) -> None:
    before, after = (re.findall(r'\bload\(|from_saved_model\(|\.run\(', text) for text in (refused, rewritten(refused)))
    assert after == before
    assert 'run_signature' not in rewritten(refused)
    assert rewritten(rewritten(refused)) == rewritten(refused)


def test_findings_that_leave_code_alone_show_a_way_out(refused: str) -> None:
    for finding in loads(refused):
        assert finding.confidence is not Confidence.EQUIVALENT
        assert finding.advice
        assert finding.code.startswith('LOAD9')


def test_there_are_more_refusals_than_pairs() -> None:
    assert len(list(REFUSALS.glob('*.py'))) > len(NAMES) > 15


def test_an_import_is_all_that_a_predictor_lacks() -> None:
    source = (
        'try:\n    from tensorflow.contrib import predictor\nexcept ImportError:\n    raise\n'
        "f = predictor.from_saved_model('model')\nprint(f({'x': [1.0]}))\n"
    )
    (finding,) = [each for each in rewrite(source.encode()).findings if each.code == 'LOAD904']
    assert finding.advice == 'Add `import tensorflow as tf` at the top of the file and run again.'
    again = rewrite(b'import tensorflow as tf\n' + source.encode())
    assert {each.code for each in again.findings} == {'LOAD102'}


def test_the_import_is_added_where_that_of_the_predictor_stays_for_others() -> None:
    source = (
        "from tensorflow.contrib import layers, predictor\nf = predictor.from_saved_model('model')\nprint(layers)\n"
    )
    result = rewrite(source.encode()).source.decode()
    assert result.startswith('import numpy as np\nimport tensorflow as tf\nfrom tensorflow.contrib import layers\n')
    assert "f = load_predictor('model')" in result


@pytest.mark.parametrize('name', ['only_compat_v1.py', 'only_compat_v1_predictor.py'])
def test_the_import_that_is_advised_is_enough(name: str) -> None:
    source = (REFUSALS / name).read_text('utf-8')
    (finding,) = loads(source)
    line = re.findall('Add `(.*?)`', finding.advice)[0]
    assert [finding.code for finding in loads(f'{line}\n{source}')] in (['LOAD101'], ['LOAD102'])


def test_names_in_a_graph_from_elsewhere_may_stay() -> None:
    (finding,) = loads("import tensorflow as tf\n\ndef run(sess, x):\n    return sess.run('y:0', {'x:0': x})\n")
    assert 'are tensors of a graph that comes from elsewhere: if a SavedModel brings it' in finding.message
    assert 'import_graph_def or import_meta_graph reads from its own file stay' in finding.advice
    loaded = loads((REFUSALS / 'literal_names_in_variables.py').read_text('utf-8'))
    assert 'tensors of the graph that TensorFlow 1 exported' in ' '.join(each.message for each in loaded)

"""Inputs that a person gives, requests that a model brings along, and inputs that were stored."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from migrate.saved_model.schema import message_class
from migrate.verify import replay
from migrate.verify.given import WARMUP, InputError, fitted, read_requests, read_warmup
from migrate.verify.records import _masked_checksum
from migrate.verify.results import InputFile
from migrate.verify.runs import Case
from migrate.verify.worker import Tensor
from tests.migrate.saved_model.messages import FLOAT, INT64, STRING, contract

SIGNATURES = contract(
    {
        'rows': {'inputs': {'x': (FLOAT, [-1, 2]), 'i': (INT64, [-1])}},
        'classify': {'inputs': {'inputs': (STRING, [-1])}, 'method_name': 'tensorflow/serving/classify'},
    }
)

Given = Callable[..., list[Case]]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """The cases that a file makes for a signature."""

    def cases(key: str, name: str, content: Any, for_key: str = '') -> list[Case]:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return fitted(read_requests(InputFile(path, for_key)), SIGNATURES.graphs[0].signatures[key])

    return cases


def arrays(cases: list[Case]) -> dict[str, Any]:
    (case,) = cases
    return {name: (tensor.dtype, tensor.array.tolist()) for name, tensor in case.tensors.items()}


def records(*values: bytes) -> bytes:
    written = b''
    for value in values:
        length = len(value).to_bytes(8, 'little')
        written += length + _masked_checksum(length).to_bytes(4, 'little') + value + b'\0\0\0\0'
    return written


X, I = ('float32', [[1.0, 2.0], [3.0, 4.5]]), ('int64', [7, 8])  # noqa: E741


def test_instances_are_rows(given: Given) -> None:
    rows = [{'x': [1, 2], 'i': 7}, {'x': [3, 4.5], 'i': 8}]
    assert arrays(given('rows', 'r.json', {'instances': rows})) == {'x': X, 'i': I}


def test_inputs_are_columns(given: Given) -> None:
    assert arrays(given('rows', 'r.json', {'inputs': {'x': X[1], 'i': I[1]}})) == {'x': X, 'i': I}


def test_several_requests_in_a_list_or_by_line_are_several_cases(given: Given) -> None:
    request = {'inputs': {'x': X[1], 'i': I[1]}}
    assert [case.name for case in given('rows', 'r.json', [request, request])] == ['r.json 1', 'r.json 2']
    lines = '\n'.join(json.dumps(request) for _ in range(2))
    assert len(given('rows', 'r.jsonl', lines)) == 2


def test_strings_may_be_base64(given: Given) -> None:
    encoded = {'b64': base64.b64encode(b'\xff\0').decode()}
    assert arrays(given('classify', 'r.json', {'instances': [encoded, 'ü']})) == {
        'inputs': ('string', [b'\xff\0', 'ü'.encode()])
    }


def test_examples_become_messages_with_their_context(given: Given) -> None:
    request = {'context': {'age': 3}, 'examples': [{'size': 1.5}, {'size': [2.0, 3.0], 'name': 'x'}]}
    (_, values) = arrays(given('classify', 'r.json', request))['inputs']
    examples = [message_class('Example').FromString(value) for value in values]
    assert [list(each.features.feature['age'].int64_list.value) for each in examples] == [[3], [3]]
    assert list(examples[1].features.feature['size'].float_list.value) == [2.0, 3.0]
    assert list(examples[1].features.feature['name'].bytes_list.value) == [b'x']


def test_arrays_of_numpy(given: Given, tmp_path: Path) -> None:
    np.savez(tmp_path / 'source.npz', x=np.array(X[1]), i=np.array(I[1], dtype=np.int32))
    np.save(tmp_path / 'source.npy', np.array([b'a', b'bc']))
    assert arrays(given('rows', 'a.npz', (tmp_path / 'source.npz').read_bytes())) == {'x': X, 'i': I}
    content = (tmp_path / 'source.npy').read_bytes()
    assert arrays(given('classify', 'a.npy', content)) == {'inputs': ('string', [b'a', b'bc'])}


@pytest.mark.parametrize('pack', [bytes, gzip.compress])
def test_records(given: Given, pack: Callable[[bytes], bytes]) -> None:
    content = pack(records(b'one', b'', b'three'))
    assert arrays(given('classify', 'a.tfrecord', content)) == {'inputs': ('string', [b'one', b'', b'three'])}


def test_a_signature_that_is_named_is_the_only_one(given: Given) -> None:
    content = {'signature_name': 'other', 'inputs': ['a']}
    assert not given('classify', 'r.json', content)
    assert given('classify', 'r.json', content, for_key='classify')
    assert not given('rows', 'r.json', {'inputs': ['a']})


@pytest.mark.parametrize(
    ('name', 'content', 'said'),
    [
        ('a.npz', b'PK no archive', 'a.npz'),
        ('a.json', '{"inputs": {"x": [[1, 2], [3]], "i": [1, 2]}}', 'several shapes'),
        ('a.json', '{"rows": []}', 'one of "instances", "inputs" and "examples"'),
        ('a.json', '{"inputs": {"x": [[1, 2]]}}', 'lacks the input "i"'),
        ('a.json', '{"inputs": {"x": [[1, 2]], "i": [0.5]}}', 'holds fractions'),
        ('a.json', '{"inputs": {"x": [["a", "b"]], "i": [1]}}', 'no numbers'),
        ('a.json', '{"instances": [{"x": [1, 2], "i": 1}, {"x": [1, 2]}]}', 'the same names'),
        ('a.tfrecord', records(b'one')[:-6], 'cut short'),
        ('a.tfrecord', b'\x07' + records(b'one')[1:], 'no TFRecord file'),
        ('a.json', 'not json', 'a.json'),
    ],
)
def test_what_cannot_be_used_is_said(given: Given, name: str, content: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        given('rows', name, content, for_key='rows')


def test_files_that_could_run_code_are_refused(given: Given, tmp_path: Path) -> None:
    np.save(tmp_path / 'source.npy', np.array([{'a': 1}], dtype=object))
    with pytest.raises(InputError, match='allow_pickle'):
        given('classify', 'a.npy', (tmp_path / 'source.npy').read_bytes())


def test_warmup_requests_of_a_model_are_found(tmp_path: Path) -> None:
    predict, classify = (message_class('PredictionLog')() for _ in range(2))
    request = predict.predict_log.request
    request.model_spec.signature_name = 'rows'
    for name, dtype, shape in (('x', FLOAT, (2, 2)), ('i', INT64, (2,))):
        request.inputs[name].dtype = dtype
        for size in shape:
            request.inputs[name].tensor_shape.dim.add(size=size)
    request.inputs['x'].float_val.extend([1.0, 2.0, 3.0, 4.5])
    request.inputs['i'].int64_val.extend([7, 8])
    classify.classify_log.request.model_spec.signature_name = 'classify'
    classify.classify_log.request.input.example_list.examples.add().features.feature['a'].int64_list.value.append(1)
    path = tmp_path / WARMUP
    path.parent.mkdir()
    path.write_bytes(records(predict.SerializeToString(), classify.SerializeToString()))
    requests = read_warmup(tmp_path)
    signatures = SIGNATURES.graphs[0].signatures
    assert arrays(fitted(requests, signatures['rows'])) == {'x': X, 'i': I}
    (case,) = fitted(requests, signatures['classify'])
    assert case.name == 'warmup request 2'
    assert len(case.tensors['inputs'].array) == 1


def test_stored_inputs_are_the_same_when_they_are_read_again(tmp_path: Path) -> None:
    text = np.array([b'\0', b'\xff\0', None], dtype=object)[:2]
    tensors = {'w': Tensor('string', text), 'b': Tensor('bfloat16', np.array([16256], dtype=np.uint16))}
    cases = {'a': [Case('one', tensors, 'left', 'set'), Case('two', {})], 'b': []}
    replay.save(tmp_path / 'stored', '{"verdict": "equal"}', cases)
    loaded = replay.load(tmp_path / 'stored')
    assert list(loaded) == ['a']
    first, second = loaded['a']
    assert (first.name, first.leaves_out, first.setting, second.tensors) == ('one', 'left', 'set', {})
    assert first.tensors['w'].array.tolist() == [b'\0', b'\xff\0']
    assert (first.tensors['b'].dtype, first.tensors['b'].array.tolist()) == ('bfloat16', [16256])


def test_what_holds_no_stored_inputs_is_said(tmp_path: Path) -> None:
    (tmp_path / 'other').write_text('something else')
    with pytest.raises(InputError, match='holds no inputs'):
        replay.load(tmp_path / 'other')

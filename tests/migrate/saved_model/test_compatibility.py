from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrate.saved_model.compatibility import compare_contracts
from migrate.saved_model.contract import Asset, Contract, read_contract
from migrate.saved_model.variables import Variable
from tests.migrate.saved_model.messages import FLOAT, INT32, STRING, add_placeholder, contract, saved_model

NOWHERE = Path('no such directory')
BASE = {'a': {'inputs': {'x': (FLOAT, [-1, 4])}, 'outputs': {'y': (FLOAT, [-1, 2])}}}


def changed(**fields: Any) -> Contract:
    return contract({'a': {**BASE['a'], **fields}})


def found(old: Contract, new: Contract) -> list[tuple[str, bool]]:
    return [(difference.where, difference.breaking) for difference in compare_contracts(old, new)]


def breaks(old: Contract, new: Contract) -> bool:
    return any(difference.breaking for difference in compare_contracts(old, new))


def test_the_same_contract_has_no_differences() -> None:
    assert found(contract(BASE), contract(BASE)) == []


@pytest.mark.parametrize(
    ('change', 'where', 'breaking'),
    [
        ({'method_name': 'tensorflow/serving/classify'}, 'signature "a"', True),
        ({'inputs': {}}, 'signature "a", input "x"', True),
        ({'inputs': {'x': (INT32, [-1, 4])}}, 'signature "a", input "x"', True),
        ({'inputs': {'x': (FLOAT, [1, 4])}}, 'signature "a", input "x"', True),
        ({'inputs': {'x': (FLOAT, [-1])}}, 'signature "a", input "x"', True),
        ({'inputs': {'x': (FLOAT, [-1, -1])}}, 'signature "a", input "x"', False),
        ({'inputs': {'x': (FLOAT, None)}}, 'signature "a", input "x"', False),
        ({'inputs': {'x': (FLOAT, [-1, 4]), 'z': (FLOAT, [])}}, 'signature "a", input "z"', True),
        ({'outputs': {}}, 'signature "a", output "y"', True),
        ({'outputs': {'y': (STRING, [-1, 2])}}, 'signature "a", output "y"', True),
        ({'outputs': {'y': (FLOAT, [1, 2])}}, 'signature "a", output "y"', True),
        ({'outputs': {'y': (FLOAT, [-1, 3])}}, 'signature "a", output "y"', True),
        ({'outputs': {'y': (FLOAT, [-1, 2, 1])}}, 'signature "a", output "y"', True),
        ({'outputs': {'y': (FLOAT, [-1, -1])}}, 'signature "a", output "y"', False),
        ({'outputs': {'y': (FLOAT, None)}}, 'signature "a", output "y"', False),
        ({'outputs': {'y': (FLOAT, [-1, 2]), 'z': (FLOAT, [])}}, 'signature "a", output "z"', False),
    ],
)
def test_each_change_is_found_where_it_is(change: dict[str, Any], where: str, breaking: bool) -> None:
    assert found(contract(BASE), changed(**change)) == [(where, breaking)]


def test_a_renamed_output_is_missing_and_new() -> None:
    new = changed(outputs={'z': (FLOAT, [-1, 2])})
    assert found(contract(BASE), new) == [('signature "a", output "y"', True), ('signature "a", output "z"', False)]


def test_signatures_missing_and_new() -> None:
    assert found(contract(BASE), contract({'b': BASE['a']})) == [('signature "a"', True), ('signature "b"', False)]


def test_differences_know_their_signature() -> None:
    assert [each.signature for each in compare_contracts(contract(BASE), contract({}))] == ['a']


def test_better_inference_of_an_output_breaks_nobody() -> None:
    old = contract({'a': {'outputs': {'y': (STRING, [-1, -1])}}})
    assert not breaks(old, contract({'a': {'outputs': {'y': (STRING, [-1, 2])}}}))


def test_an_old_signature_without_shapes_is_not_called_narrowed() -> None:
    old = contract({'a': {'inputs': {'x': (FLOAT, None)}, 'outputs': {'y': (FLOAT, None)}}})
    differences = compare_contracts(old, contract(BASE))
    assert [(each.where, each.breaking) for each in differences] == [('signature "a", input "x"', False)]
    assert 'only runs can tell' in differences[0].message


def test_a_sparse_input_taken_apart_is_one_plain_difference() -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [-1, 4])}}})
    model.meta_graphs[0].signature_def['a'].inputs['x'].coo_sparse.values_tensor_name = 'v:0'
    parts = {f'x_{part}': (FLOAT, [-1]) for part in ('indices', 'values', 'dense_shape')}
    (difference,) = compare_contracts(read_contract(NOWHERE, model), contract({'a': {'inputs': parts}}))
    assert difference.breaking
    assert 'was one sparse tensor' in difference.message


def test_a_lost_default_of_the_graph_is_mentioned() -> None:
    model = saved_model(BASE)
    add_placeholder(model, 'x', FLOAT, [-1, 4], op='PlaceholderWithDefault')
    (difference,) = compare_contracts(read_contract(NOWHERE, model), contract(BASE))
    assert not difference.breaking
    assert 'had a default' in difference.message


def test_a_tag_set_that_is_gone_breaks_those_who_load_it() -> None:
    old = contract(BASE, tags=('train', 'serve'))
    assert found(old, contract(BASE)) == [('tag set {serve, train}', True), ('tag set {serve}', False)]


def test_the_served_graphs_are_the_ones_compared() -> None:
    two = contract(BASE, model=saved_model({'b': {}}, tags=('train',)))
    assert found(two, two) == []
    assert ('signature "a"', True) in found(two, contract({}))


def test_a_narrower_sparse_input_is_for_the_runs_to_judge() -> None:
    models = [saved_model({'a': {'inputs': {'x': (FLOAT, shape)}}}) for shape in ([-1, -1], [-1, 8])]
    for model in models:
        model.meta_graphs[0].signature_def['a'].inputs['x'].coo_sparse.values_tensor_name = 'v:0'
    (difference,) = compare_contracts(*(read_contract(NOWHERE, model) for model in models))
    assert not difference.breaking
    assert 'only runs can tell' in difference.message


def with_default(*values: float) -> Contract:
    model = saved_model(BASE)
    default = model.meta_graphs[0].signature_def['a'].defaults['x']
    default.dtype = FLOAT
    default.float_val.extend(values)
    default.tensor_shape.dim.add(size=len(values))
    return read_contract(NOWHERE, model)


def test_defaults_of_a_signature_are_part_of_it() -> None:
    assert found(with_default(1.0, 2.0), with_default(1.0, 2.0)) == []
    for new in (with_default(1.0, 3.0), contract(BASE)):
        assert found(with_default(1.0, 2.0), new) == [('signature "a", input "x"', True)]
    assert not breaks(contract(BASE), with_default(1.0))


def test_ops_that_the_old_model_does_without_are_told() -> None:
    model = saved_model(BASE)
    for op in ('ReadFile', 'AcmeFilter'):
        model.meta_graphs[0].graph_def.node.add(name=op, op=op)
    new = read_contract(NOWHERE, model)
    assert found(contract(BASE), new) == [('op AcmeFilter', False), ('op ReadFile', False)]
    assert found(new, new) == []


def test_files_beside_the_model_and_variables_are_told() -> None:
    weights = Variable('w', 'float32', (2,), 1, '', 0, 8)
    old, new, gone = (
        replace(contract(BASE), extra=extra, variables={'w': variable})
        for extra, variable in (
            ({'warmup': Asset('warmup', 'a')}, weights),
            ({'warmup': Asset('warmup', 'b')}, replace(weights, shape=(3,))),
            ({}, replace(weights, checksum=2)),
        )
    )
    where = 'file "warmup" in assets.extra'
    assert found(old, new) == [(where, False), ('variable "w"', False)]
    assert found(old, gone) == [(where, False)]


ASSETS = {'words': Asset('words', 'sha of words')}


@pytest.mark.parametrize(
    ('assets', 'message', 'breaking'),
    [
        ({'words': Asset('words', 'other sha')}, 'has other content', True),
        ({'words': Asset('words', '')}, 'the file is missing', True),
        ({'renamed': Asset('renamed', 'sha of words')}, 'is called "renamed"', False),
        ({}, 'must do without', False),
    ],
)
def test_assets(assets: dict[str, Asset], message: str, breaking: bool) -> None:
    old, new = (replace(contract(BASE), assets=each) for each in (ASSETS, assets))
    (difference,) = compare_contracts(old, new)
    assert message in difference.message
    assert difference.breaking == breaking

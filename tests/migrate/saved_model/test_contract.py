from __future__ import annotations

from pathlib import Path

import pytest

from migrate.saved_model.contract import TensorContract, asset_path, read_contract
from migrate.saved_model.reading import ModelError
from migrate.saved_model.schema import message_class
from tests.migrate.saved_model.messages import FLOAT, STRING, add_placeholder, saved_model

NOWHERE = Path('no such directory')


def only_input(model: object) -> TensorContract:
    (signature,) = read_contract(NOWHERE, model).graphs[0].signatures.values()
    return signature.inputs['x']


def test_shapes_tell_unknown_ranks_and_dimensions_apart() -> None:
    for written, read in ((None, None), ([], ()), ([-1, 3], (None, 3))):
        assert only_input(saved_model({'a': {'inputs': {'x': (FLOAT, written)}}})).shape == read


def test_signatures_that_tensorflow_writes_for_itself_are_no_part_of_it() -> None:
    model = saved_model({'__saved_model_init_op': {}, '__saved_model_train_op': {}, 'a': {}})
    assert list(read_contract(NOWHERE, model).graphs[0].signatures) == ['a']


@pytest.mark.parametrize(('producer', 'shape', 'read'), [(21, [-1, 2], (None, 2)), (21, [], None), (27, [], ())])
def test_a_signature_without_shapes_takes_those_of_its_placeholders(
    producer: int, shape: list[int], read: tuple[int, ...] | None
) -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [])}}})
    model.meta_graphs[0].signature_def['a'].inputs['x'].ClearField('tensor_shape')
    model.meta_graphs[0].graph_def.versions.producer = producer
    add_placeholder(model, 'x', FLOAT, shape)
    assert (only_input(model).shape, only_input(model).shape_stated) == (read, False)


def test_what_a_placeholder_takes_counts_more_than_what_a_signature_says() -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, None)}}})
    add_placeholder(model, 'x', STRING, [-1])
    assert only_input(model).dtype == 'string'


def test_a_default_in_the_graph_is_seen() -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [1])}}})
    add_placeholder(model, 'x', FLOAT, [1], op='PlaceholderWithDefault')
    assert only_input(model).has_default


def test_sparse_tensors_know_their_dense_parts() -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [-1, 4])}}})
    sparse = model.meta_graphs[0].signature_def['a'].inputs['x'].coo_sparse
    sparse.indices_tensor_name, sparse.values_tensor_name, sparse.dense_shape_tensor_name = 'i:0', 'v:0', 's:0'
    tensor = only_input(model)
    assert (tensor.encoding, tensor.tensors) == ('sparse', ('i:0', 'v:0', 's:0'))
    assert tensor.names_in_a_call == ('x_indices', 'x_values', 'x_dense_shape')


def test_assets_are_read_from_both_places_and_missing_files_have_no_digest(tmp_path: Path) -> None:
    (tmp_path / 'assets').mkdir()
    (tmp_path / 'assets' / 'new.txt').write_text('one')
    model = saved_model({})
    graph = model.meta_graphs[0]
    graph.asset_file_def.add(filename='new.txt').tensor_info.name = 'a:0'
    old = message_class('AssetFileDef')(filename='old.txt')
    old.tensor_info.name = 'b:0'
    graph.collection_def['saved_model_assets'].any_list.value.add().Pack(old)
    assets = read_contract(tmp_path, model).assets
    assert {name: bool(asset.sha256) for name, asset in assets.items()} == {'new.txt': True, 'old.txt': False}


def test_no_asset_leads_out_of_the_model(tmp_path: Path) -> None:
    (tmp_path / 'assets').mkdir()
    (tmp_path / 'secret').write_text('')
    (tmp_path / 'assets' / 'link').symlink_to(tmp_path / 'secret')
    for name in ('../secret', str(tmp_path / 'secret'), 'link', ''):
        assert asset_path(tmp_path, name) is None


def test_a_damaged_record_of_assets_is_an_error() -> None:
    model = saved_model({})
    model.meta_graphs[0].collection_def['saved_model_assets'].any_list.value.add(value=b'\xff')
    with pytest.raises(ModelError, match='damaged'):
        read_contract(NOWHERE, model)

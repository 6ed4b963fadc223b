from __future__ import annotations

import pytest

from migrate.saved_model.schema import data_type_name, message_class, parse_binary, parse_text


def test_fields_that_are_not_in_the_table_survive() -> None:
    meta_graph = b'\x12\x06saver!'  # field 2, which MetaGraphDef gives to its graph: here as raw bytes of field 3
    data = b'\x12\x08\x1a' + meta_graph[1:]
    model = parse_binary('SavedModel', data)
    assert model.SerializeToString() == data


@pytest.mark.parametrize('data', [b'\x12\xff', b'not a message at all', b'\x12\x05\x0a'])
def test_damage_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r'.+'):
        parse_binary('SavedModel', data)


def test_text_form_reads_enums_packed_messages_and_unknown_fields() -> None:
    model = parse_text(
        'SavedModel',
        """
        saved_model_schema_version: 1
        meta_graphs {
          saver_def { filename_tensor_name: "save/Const:0" }
          signature_def { key: "a" value { inputs { key: "x" value { name: "x:0" dtype: DT_FLOAT_REF } } } }
          collection_def { key: "saved_model_assets" value { any_list { value {
            [type.googleapis.com/tensorflow.AssetFileDef] { filename: "words.txt" }
          } } } }
        }
        """,
    )
    graph = model.meta_graphs[0]
    assert graph.signature_def['a'].inputs['x'].dtype == 101
    packed = graph.collection_def['saved_model_assets'].any_list.value[0].value
    assert parse_binary('AssetFileDef', packed).filename == 'words.txt'


def test_text_that_is_no_message_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r'.+'):
        parse_text('SavedModel', 'meta_graphs {')


def test_data_type_names_are_tensorflows() -> None:
    assert [data_type_name(number) for number in (1, 2, 7, 9, 14, 19, 101, 99)] == [
        'float32',
        'float64',
        'string',
        'int64',
        'bfloat16',
        'float16',
        'float32',
        'dtype 99',
    ]


def test_lives_beside_tensorflows_own_messages() -> None:
    pytest.importorskip('tensorflow', reason='compares with the messages of TensorFlow')
    from tensorflow.core.protobuf import saved_model_pb2

    ours = message_class('SavedModel')(saved_model_schema_version=1)
    ours.meta_graphs.add().graph_def.node.add(name='x', op='Placeholder').attr['dtype'].type = 1
    theirs = saved_model_pb2.SavedModel.FromString(ours.SerializeToString())
    assert theirs.meta_graphs[0].graph_def.node[0].attr['dtype'].type == 1

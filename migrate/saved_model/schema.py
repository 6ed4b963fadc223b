"""The protobuf messages of a SavedModel, as far as this toolkit reads them, without TensorFlow.

Built at import time from the tables below, in a descriptor pool of their own: they live beside TensorFlow's messages
in the same process, and a file that holds fields unknown here keeps them. Field numbers and names are TensorFlow's
(https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/{framework,protobuf,example}), those of requests
TensorFlow Serving's (https://github.com/tensorflow/serving/tree/master/tensorflow_serving/apis).
"""

from __future__ import annotations

from typing import Any

from google.protobuf import (  # type: ignore[import-untyped]
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

_PACKAGE = 'tensorflow'

# One message a paragraph, one field a line: `number type name`. `T*` is repeated, `{T}` is map<string, T>,
# `|choice` at the end puts the field into the oneof `choice`.
_MESSAGES = """
SavedModel
    1 int64 saved_model_schema_version
    2 MetaGraphDef* meta_graphs

MetaGraphDef
    1 MetaInfoDef meta_info_def
    2 GraphDef graph_def
    4 {CollectionDef} collection_def
    5 {SignatureDef} signature_def
    6 AssetFileDef* asset_file_def
    7 SavedObjectGraph object_graph_def

MetaInfoDef
    4 string* tags
    5 string tensorflow_version

SavedObjectGraph

CollectionDef
    1 NodeList node_list |kind
    2 BytesList bytes_list |kind
    5 AnyList any_list |kind

VariableDef
    1 string variable_name

NodeList
    1 string* value

AnyList
    1 google.protobuf.Any* value

AssetFileDef
    1 TensorInfo tensor_info
    2 string filename

SignatureDef
    1 {TensorInfo} inputs
    2 {TensorInfo} outputs
    3 string method_name
    4 {TensorProto} defaults

TensorInfo
    1 string name |encoding
    4 CooSparse coo_sparse |encoding
    5 CompositeTensor composite_tensor |encoding
    2 DataType dtype
    3 TensorShapeProto tensor_shape

CooSparse
    1 string values_tensor_name
    2 string indices_tensor_name
    3 string dense_shape_tensor_name

CompositeTensor
    1 TypeSpecProto type_spec
    2 TensorInfo* components

TypeSpecProto
    1 int32 type_spec_class

GraphDef
    1 NodeDef* node
    4 VersionDef versions
    2 FunctionDefLibrary library

VersionDef
    1 int32 producer

FunctionDefLibrary
    1 FunctionDef* function

FunctionDef
    1 OpDef signature
    3 NodeDef* node_def
    4 {string} ret

OpDef
    1 string name
    2 ArgDef* input_arg
    3 ArgDef* output_arg

ArgDef
    1 string name
    3 DataType type

NodeDef
    1 string name
    2 string op
    3 string* input
    4 string device
    5 {AttrValue} attr

AttrValue
    2 bytes s |value
    3 int64 i |value
    4 float f |value
    5 bool b |value
    6 DataType type |value
    7 TensorShapeProto shape |value
    8 TensorProto tensor |value
    1 ListValue list |value
    10 NameAttrList func |value
    9 string placeholder |value

ListValue
    2 bytes* s
    3 int64* i
    4 float* f
    5 bool* b
    6 DataType* type
    7 TensorShapeProto* shape
    8 TensorProto* tensor
    9 NameAttrList* func

NameAttrList
    1 string name
    2 {AttrValue} attr

TensorShapeProto
    2 Dim* dim
    3 bool unknown_rank

Dim
    1 int64 size
    2 string name

TensorProto
    1 DataType dtype
    2 TensorShapeProto tensor_shape
    4 bytes tensor_content
    5 float* float_val
    6 double* double_val
    7 int32* int_val
    8 bytes* string_val
    9 float* scomplex_val
    10 int64* int64_val
    11 bool* bool_val
    12 double* dcomplex_val
    13 int32* half_val
    16 uint32* uint32_val
    17 uint64* uint64_val

BundleHeaderProto
    1 int32 num_shards

BundleEntryProto
    1 DataType dtype
    2 TensorShapeProto shape
    3 int32 shard_id
    4 int64 offset
    5 int64 size
    6 fixed32 crc32c

TrackableObjectGraph
    1 TrackableObject* nodes

TrackableObject
    2 SerializedTensor* attributes

SerializedTensor
    1 string name
    2 string full_name
    3 string checkpoint_key

PredictionLog
    2 ClassifyLog classify_log |log_type
    3 ClassifyLog regress_log |log_type
    6 PredictLog predict_log |log_type

ClassifyLog
    1 ClassificationRequest request

PredictLog
    1 PredictRequest request

ClassificationRequest
    1 ModelSpec model_spec
    2 Input input

PredictRequest
    1 ModelSpec model_spec
    2 {TensorProto} inputs

ModelSpec
    3 string signature_name

Input
    1 ExampleList example_list |kind
    2 ExampleListWithContext example_list_with_context |kind

ExampleList
    1 Example* examples

ExampleListWithContext
    1 Example* examples
    2 Example context

Example
    1 Features features

Features
    1 {Feature} feature

Feature
    1 BytesList bytes_list |kind
    2 FloatList float_list |kind
    3 Int64List int64_list |kind

BytesList
    1 bytes* value

FloatList
    1 float* value

Int64List
    1 int64* value
"""

# Numbers as in TensorFlow's types.proto; a reference type (what a TF1 variable hands out) is its value's plus 100.
_DATA_TYPES = (
    'INVALID FLOAT DOUBLE INT32 UINT8 INT16 INT8 STRING COMPLEX64 INT64 BOOL QINT8 QUINT8 QINT32 BFLOAT16 QINT16 '
    'QUINT16 UINT16 COMPLEX128 HALF RESOURCE VARIANT UINT32 UINT64 FLOAT8_E5M2 FLOAT8_E4M3FN FLOAT8_E4M3FNUZ '
    'FLOAT8_E4M3B11FNUZ FLOAT8_E5M2FNUZ INT4 UINT4 INT2 UINT2 FLOAT4_E2M1FN'
).split()

_Field = descriptor_pb2.FieldDescriptorProto
_SCALARS = ('int32', 'int64', 'uint32', 'uint64', 'fixed32', 'float', 'double', 'bool', 'string', 'bytes')


def _add_data_types(file: Any) -> None:
    enum = file.enum_type.add(name='DataType')
    for reference in (False, True):
        for number, name in enumerate(_DATA_TYPES):
            if number or not reference:
                full_name = f'DT_{name}_REF' if reference else f'DT_{name}'
                enum.value.add(name=full_name, number=number + 100 * reference)


def _set_type(field: Any, type_name: str) -> None:
    if type_name in _SCALARS:
        field.type = getattr(_Field, f'TYPE_{type_name.upper()}')
        return
    field.type = _Field.TYPE_ENUM if type_name == 'DataType' else _Field.TYPE_MESSAGE
    field.type_name = f'.{type_name}' if '.' in type_name else f'.{_PACKAGE}.{type_name}'


def _add_map(message: Any, field: Any, value_type: str) -> None:
    entry_name = field.name.title().replace('_', '') + 'Entry'
    entry = message.nested_type.add(name=entry_name)
    entry.options.map_entry = True
    entry.field.add(name='key', number=1, label=_Field.LABEL_OPTIONAL, type=_Field.TYPE_STRING)
    _set_type(entry.field.add(name='value', number=2, label=_Field.LABEL_OPTIONAL), value_type)
    field.label = _Field.LABEL_REPEATED
    field.type = _Field.TYPE_MESSAGE
    field.type_name = f'.{_PACKAGE}.{message.name}.{entry_name}'


def _add_field(message: Any, line: str) -> None:
    number, type_name, name, *choice = line.split()
    field = message.field.add(name=name, number=int(number), label=_Field.LABEL_OPTIONAL)
    if type_name.startswith('{'):
        _add_map(message, field, type_name.strip('{}'))
        return
    if type_name.endswith('*'):
        field.label = _Field.LABEL_REPEATED
    _set_type(field, type_name.rstrip('*'))
    if choice:
        oneofs = [oneof.name for oneof in message.oneof_decl]
        oneof = choice[0].removeprefix('|')
        if oneof not in oneofs:
            message.oneof_decl.add(name=oneof)
            oneofs.append(oneof)
        field.oneof_index = oneofs.index(oneof)


def _build_pool() -> Any:
    file = descriptor_pb2.FileDescriptorProto(
        name='savedmodel_migrate.proto',
        package=_PACKAGE,
        syntax='proto3',
        dependency=[any_pb2.DESCRIPTOR.name],
    )
    _add_data_types(file)
    for paragraph in _MESSAGES.strip().split('\n\n'):
        name, *lines = paragraph.splitlines()
        message = file.message_type.add(name=name)
        for line in lines:
            _add_field(message, line)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    return pool


_POOL = _build_pool()


def message_class(name: str) -> Any:
    """The class of one of the messages above: `message_class('SavedModel')`."""
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f'{_PACKAGE}.{name}'))


def parse_binary(name: str, data: bytes) -> Any:
    """Reads a message; ValueError if the bytes are no such message."""
    message = message_class(name)()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        raise ValueError(str(error)) from error
    return message


def parse_text(name: str, text: str) -> Any:
    """Reads a message from protobuf's text form; ValueError if it is none."""
    from google.protobuf import text_format  # hardly any model is text, and importing it takes its time

    message = message_class(name)()
    try:
        text_format.Parse(text, message, allow_unknown_extension=True, allow_unknown_field=True, descriptor_pool=_POOL)
    except text_format.ParseError as error:
        raise ValueError(str(error)) from error
    return message


def as_json(message: Any) -> str:
    """A message in protobuf's JSON form."""
    from google.protobuf import json_format  # hardly any model reads JSON

    return str(json_format.MessageToJson(message, indent=None, sort_keys=True))


def data_type_name(number: int) -> str:
    """TensorFlow's own name of a dtype, `float32`, with references seen as what they refer to."""
    number %= 100
    if number >= len(_DATA_TYPES):
        return f'dtype {number}'
    name = _DATA_TYPES[number].lower()
    return {'float': 'float32', 'double': 'float64', 'half': 'float16'}.get(name, name)


def tensor_shape(shape: Any) -> tuple[int | None, ...] | None:
    """A TensorShapeProto as a tuple; None is an unknown rank, a None in it an unknown dimension."""
    if shape.unknown_rank:
        return None
    return tuple(dim.size if dim.size >= 0 else None for dim in shape.dim)

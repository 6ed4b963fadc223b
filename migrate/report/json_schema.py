"""The JSON Schemas of what the commands print, made of the dataclasses that they print.

They are published in docs/json, written there by `scripts/write_schemas`.
"""

from __future__ import annotations

import enum
import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any

from migrate.report.model import Report
from migrate.report.plain import SCHEMA_VERSION
from migrate.report.summary import Summary
from rewriters import ExportSummary, Finding

_HEAD = {
    'schema_version': {'const': SCHEMA_VERSION, 'description': 'Counts up when a field goes or changes its meaning.'},
    'tool_version': {'type': 'string'},
}
_NAMES = {str: 'string', int: 'integer', bool: 'boolean', type(None): 'null'}
_NO_NUMBERS = ['NaN', 'Infinity', '-Infinity']


def schema_of(name: str) -> dict[str, Any]:
    """The schema of `scan` (and `rewrite`), or of `report`."""
    kinds: dict[str, Any] = {}
    if name == 'report':
        properties = {**_HEAD, 'created': {'type': 'string'}, 'summary': _schema(Summary, kinds)}
        for part in ('projects', 'conversions'):
            properties[part] = _schema(typing.get_type_hints(Report)[part], kinds)
        title = 'savedmodel-migrate report --format json'
    else:
        properties = {**_HEAD, 'summary': _scan_summary(kinds), 'files': {'type': 'array', 'items': _scan_file(kinds)}}
        title = 'savedmodel-migrate scan|rewrite --format json'
    return {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        'title': title,
        **_object(properties),
        '$defs': dict(sorted(kinds.items())),
    }


def _scan_summary(kinds: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(Summary)
    names = ('files', 'files_changed', 'files_failed', 'export_sites', 'findings')
    return _object({name: _schema(hints[name], kinds) for name in names})


def _scan_file(kinds: dict[str, Any]) -> dict[str, Any]:
    properties = {
        'path': {'type': 'string'},
        'changed': {'type': 'boolean', 'description': 'Whether `rewrite` changes the file.'},
        'error': {'type': 'string', 'description': 'Why the file could not be read or written; empty if it could.'},
        'exports': {'type': 'array', 'items': _schema(ExportSummary, kinds)},
        'findings': {'type': 'array', 'items': _schema(Finding, kinds)},
        'added': _added(),
        'diff': {'type': 'string', 'description': 'With --diff: what changes, as a unified diff.'},
    }
    return _object(properties, ('diff',))


def _added() -> dict[str, Any]:
    description = 'Support files that `rewrite` adds with the file; `scan` does not look for them.'
    return {'type': 'array', 'items': {'type': 'string'}, 'description': description}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {'type': 'object', 'properties': properties, 'required': required}


def _schema(kind: Any, kinds: dict[str, Any]) -> dict[str, Any]:
    if kind in _NAMES:
        return {'type': _NAMES[kind]}
    if kind is float:
        return {'anyOf': [{'type': 'number'}, {'enum': _NO_NUMBERS}]}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {'enum': [member.value for member in kind]}
    if isinstance(kind, type) and is_dataclass(kind):
        return _defined(kind, kinds)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return {'anyOf': [_schema(argument, kinds) for argument in arguments]}
    if origin is dict:
        return {'type': 'object', 'additionalProperties': _schema(arguments[1], kinds)}
    if origin is tuple and arguments[1:] == (...,):
        return {'type': 'array', 'items': _schema(arguments[0], kinds)}
    if origin is tuple:
        items = [_schema(argument, kinds) for argument in arguments]
        return {'type': 'array', 'prefixItems': items, 'minItems': len(items), 'maxItems': len(items)}
    raise TypeError(f'no schema for {kind}')


def _defined(kind: type, kinds: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in kinds:
        kinds[name] = {}  # it may hold itself
        hints = typing.get_type_hints(kind)
        properties = {field.name: _schema(hints[field.name], kinds) for field in fields(kind)}
        description = (kind.__doc__ or '').strip().split('\n\n')[0]
        kinds[name] = {'description': ' '.join(description.split()), **_object(properties)}
    return {'$ref': f'#/$defs/{name}'}

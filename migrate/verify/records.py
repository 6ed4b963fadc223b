"""Reads TFRecord files: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

_GZIP = b'\x1f\x8b'
_HEADER, _FOOTER = 12, 4
_POLYNOMIAL = 0x82F63B78
_MASK = 0xA282EAD8


class RecordError(ValueError):
    """A file that is no TFRecord file, or is cut short."""


def read_records(path: Path) -> Iterator[bytes]:
    """The records of a file, also of a compressed one."""
    data = path.read_bytes()
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise RecordError(f'{path} is no TFRecord file: {error}') from error
    place = 0
    while place < len(data):
        header = data[place : place + _HEADER]
        length = int.from_bytes(header[:8], 'little')
        if len(header) < _HEADER or int.from_bytes(header[8:], 'little') != _masked_checksum(header[:8]):
            raise RecordError(f'{path} is no TFRecord file, or is damaged at byte {place}')
        place += _HEADER
        if place + length + _FOOTER > len(data):
            raise RecordError(f'{path} is cut short')
        yield data[place : place + length]
        place += length + _FOOTER


def _masked_checksum(data: bytes) -> int:
    """CRC-32C, masked: only of lengths, for the records themselves it would take long."""
    checksum = 0xFFFFFFFF
    for byte in data:
        checksum ^= byte
        for _ in range(8):
            checksum = checksum >> 1 ^ (_POLYNOMIAL if checksum & 1 else 0)
    checksum ^= 0xFFFFFFFF
    return ((checksum >> 15 | checksum << 17) + _MASK) & 0xFFFFFFFF

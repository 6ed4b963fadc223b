"""Reads sorted tables as LevelDB writes them, which is what the index of a checkpoint is.

https://github.com/google/leveldb/blob/main/doc/table_format.md; its blocks may be compressed with Snappy
(https://github.com/google/snappy/blob/main/format_description.txt), which nothing else here needs.
"""

from __future__ import annotations

from collections.abc import Iterator

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_PLAIN, _SNAPPY = 0, 1


def read_table(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a table; ValueError or IndexError if it is damaged."""
    if len(data) < _FOOTER or int.from_bytes(data[-8:], 'little') != _MAGIC:
        raise ValueError('it is no index of a checkpoint')
    place = len(data) - _FOOTER
    _, place = varint(data, place)
    _, place = varint(data, place)  # where another index is, which is empty
    for _, handle in _block(data, *_handle(data, place)):
        yield from _block(data, *_handle(handle, 0))


def varint(data: bytes, place: int) -> tuple[int, int]:
    """A number, and the place behind it."""
    value = shift = 0
    while shift < 64:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError('a number in it is too long')


def _handle(data: bytes, place: int) -> tuple[int, int]:
    offset, place = varint(data, place)
    size, _ = varint(data, place)
    return offset, size


def _block(data: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    block, kind = data[offset : offset + size], data[offset + size]
    if kind not in (_PLAIN, _SNAPPY):
        raise ValueError(f'a block of it is compressed in a way that is not known: {kind}')
    block = _decompressed(block) if kind == _SNAPPY else block
    end = len(block) - 4 * (int.from_bytes(block[-4:], 'little') + 1)
    place, key = 0, b''
    while place < end:
        shared, place = varint(block, place)
        own, place = varint(block, place)
        length, place = varint(block, place)
        key = key[:shared] + block[place : place + own]
        place += own
        yield key, block[place : place + length]
        place += length


def _decompressed(data: bytes) -> bytes:
    size, place = varint(data, 0)
    found = bytearray()
    while place < len(data):
        tag = data[place]
        place += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length = int.from_bytes(data[place : place + extra], 'little')
                place += extra
            found += data[place : place + length + 1]
            place += length + 1
            continue
        length, distance, place = _copy(data, tag, place)
        if not 0 < distance <= len(found):
            raise ValueError('a block of it refers to what is not there')
        for _ in range(length):
            found.append(found[-distance])
    if len(found) != size:
        raise ValueError('a block of it is cut short')
    return bytes(found)


def _copy(data: bytes, tag: int, place: int) -> tuple[int, int, int]:
    """How much of what was read before comes again, how far before, and the place behind that."""
    if tag & 3 == 1:
        return 4 + (tag >> 2 & 7), (tag >> 5) << 8 | data[place], place + 1
    width = 2 if tag & 3 == 2 else 4
    return (tag >> 2) + 1, int.from_bytes(data[place : place + width], 'little'), place + width

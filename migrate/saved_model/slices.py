"""Reads the keys under which a checkpoint keeps the parts of a variable that was saved in several.

A part is what a partitioned variable of TensorFlow 1 consists of: `weights/part_0`, `weights/part_1`. Its key holds the
name of the whole and where in it the part begins, in an encoding that sorts:
https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/strings/ordered_code.h
"""

from __future__ import annotations

from typing import NamedTuple

MARK = b'\0'
"""What these keys begin with, and no other."""
_END, _NUL = b'\0\1', b'\0\xff'
_MOST_BYTES = 6


class Place(NamedTuple):
    """Of which variable something is a part, and where in it that begins."""

    name: str
    start: tuple[int, ...]


def read_key(key: bytes) -> Place:
    """ValueError or IndexError if it is no such key."""
    end = key.index(_END)
    name = key[len(MARK) : end].replace(_NUL, b'\0').decode('utf-8')
    end += len(_END)
    size = key[end]
    rank, end = int.from_bytes(key[end + 1 : end + 1 + size], 'big'), end + 1 + size
    starts = []
    for _ in range(rank):
        start, end = _number(key, end)
        _, end = _number(key, end)  # the length: the part has it as its shape
        starts.append(start)
    return Place(name, tuple(starts))


def _number(key: bytes, place: int) -> tuple[int, int]:
    """A signed number, and the place behind it. Its first bits say how many bytes it has; those below 0 are flipped."""
    is_negative = key[place] < 0x80
    first = key[place] ^ 0xFF if is_negative else key[place]
    length = 8 - (first ^ 0xFF).bit_length()
    if not 0 < length <= _MOST_BYTES or place + length > len(key):
        raise ValueError('a number in the key of a part has too many bytes')
    value = int.from_bytes(key[place : place + length], 'big')
    if is_negative:
        value ^= (1 << 8 * length) - 1
    value &= (1 << 7 * length - 1) - 1
    return ~value if is_negative else value, place + length

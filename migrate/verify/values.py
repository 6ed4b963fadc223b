"""Draws values for tensors: seeded, and in the range that the graph asks for."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from migrate.verify.comparison import TOLERANCES
from migrate.verify.domains import Domain
from migrate.verify.landmarks import as_dtype
from migrate.verify.worker import RAW_TYPES

_WORDS = (b'a', b'red', b'hello world', b'42', 'Zürich'.encode(), b'x' * 30)
_UNKNOWN_WORDS = (b'no such word', '未知'.encode())
_IMAGE_SIZE = 32
_MAX_IDS = 500
_SMALL_SCALE = 1e-4
_SMALL = 3
"""Integers that the graph says nothing of stay below: they may be lengths, or ids of something small."""


def known_count(domain: Domain) -> int:
    """How many of the known values a case walks through.

    Every word of a vocabulary: one may be missing. But of the rows of an embedding, which come from a checkpoint as a
    whole, only some: behind them may stand a large model, for which thousands take minutes.
    """
    return min(len(domain.known), _MAX_IDS) if isinstance(domain.known, range) else len(domain.known)


def landmarks_of(dtype: str, domain: Domain) -> list[Any]:
    """The values of this dtype at which the model may change its ways; none where it knows no others than some."""
    if domain.known or domain.form not in ('', 'integer', 'number'):
        return []
    if not domain.form:
        return as_dtype(domain.landmarks, dtype)
    numbers = as_dtype(domain.landmarks, 'int64' if domain.form == 'integer' else 'float64')
    return [str(number).encode() for number in numbers]


def large_of(dtype: str, domain: Domain) -> list[Any]:
    """The values of this dtype that overflow; none where the model knows no others than some."""
    return as_dtype(domain.large, dtype) if not domain.known and not domain.form and 'int' in dtype else []


class Pick:
    """How the values of one case are chosen.

    `walks` takes every known value in turn, `unknown` what nobody knows, `several` up to so many in a sparse feature,
    `landmarks` in turn the values at which the model may change its ways, `large` those that overflow, `aimed` those
    that reach rows of variables that deserve a look, and `foreign` those that only the new model knows. `small` makes
    all numbers small.
    """

    def __init__(
        self,
        seed: int,
        walks: bool = False,
        unknown: bool = False,
        several: int = 0,
        landmarks: bool = False,
        large: bool = False,
        aimed: bool = False,
        foreign: bool = False,
        small: bool = False,
    ) -> None:
        self._random = np.random.default_rng(seed)
        self.walks = walks
        self.unknown = unknown
        self.several = several
        self.landmarks = landmarks
        self.large = large
        self.aimed = aimed
        self.foreign = foreign
        self.small = small

    @property
    def leaves_nothing_out(self) -> bool:
        return self.walks or self.landmarks or self.aimed or self.foreign

    def number(self, below: int) -> int:
        return int(self._random.integers(below))

    def values(self, dtype: str, domain: Domain, count: int, row: int = 0) -> list[Any]:
        """`count` values, plain Python ones; `row` says where in its batch a row of values stands."""
        values = self._values(dtype, domain, count, row)
        return [in_base64(value) for value in values] if dtype == 'string' and domain.in_base64 else values

    def _values(self, dtype: str, domain: Domain, count: int, row: int) -> list[Any]:
        in_turn = (domain.aimed if self.aimed else ()) or (domain.foreign if self.foreign else ())
        if in_turn:
            return [in_turn[(row * count + index) % len(in_turn)] for index in range(count)]
        if domain.known and not (self.unknown and domain.takes_unknown):
            if self.walks:
                step = len(domain.known) // known_count(domain)
                return [domain.known[(row * count + index) * step % len(domain.known)] for index in range(count)]
            return [domain.known[self.number(len(domain.known))] for _ in range(count)]
        landmarks = landmarks_of(dtype, domain) if self.landmarks else large_of(dtype, domain) if self.large else []
        if landmarks:
            return [landmarks[(row * count + index) % len(landmarks)] for index in range(count)]
        if dtype == 'string':
            return self._strings(domain, count)
        if dtype == 'bool':
            return [bool(value) for value in self._random.integers(2, size=count)]
        if dtype in TOLERANCES:
            return self._floats(dtype, count, row)
        if self.unknown and domain.known:
            return [len(domain.known) + 1000 + index for index in range(count)]
        return [int(value) for value in self._random.integers(256 if dtype == 'uint8' else _SMALL, size=count)]

    def _strings(self, domain: Domain, count: int) -> list[bytes]:
        if domain.form == 'image':
            return [self._image() for _ in range(count)]
        if domain.form == 'number':
            return [b'%d.%d' % (self.number(20) - 10, self.number(10)) for _ in range(count)]
        if domain.form == 'integer':
            return [b'%d' % (self.number(200) - 100) for _ in range(count)]
        if domain.form == 'digits':
            return [b'%d' % self.number(100) for _ in range(count)]
        words: Sequence[bytes] = _UNKNOWN_WORDS if self.unknown and domain.takes_unknown else _WORDS
        return [words[self.number(len(words))] for _ in range(count)]

    def _floats(self, dtype: str, count: int, row: int) -> list[Any]:
        """Standard normal, so that nothing saturates; a tenth of them zero; every fourth row ten times as large."""
        scale = _SMALL_SCALE if self.small else 10.0 if row % 4 == 3 else 1.0
        values = self._random.standard_normal(count) * scale
        values[self._random.random(count) < 0.1] = 0.0
        if dtype.startswith('complex'):
            return [
                complex(value, other) for value, other in zip(values, self._random.standard_normal(count), strict=True)
            ]
        return [float(value) for value in values]

    def _image(self) -> bytes:
        return encode_png(self._random.integers(256, size=(_IMAGE_SIZE, _IMAGE_SIZE, 3), dtype=np.uint8))


def in_base64(value: bytes) -> bytes:
    """As DecodeBase64 reads it."""
    return base64.urlsafe_b64encode(value).rstrip(b'=')


def encode_png(pixels: Any) -> bytes:
    """An RGB image as PNG, which every image decoder of TensorFlow reads, whatever it is called."""
    height, width, _ = pixels.shape
    lines = b''.join(b'\0' + pixels[line].tobytes() for line in range(height))
    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    chunks = ((b'IHDR', header), (b'IDAT', zlib.compress(lines)), (b'IEND', b''))
    return b'\x89PNG\r\n\x1a\n' + b''.join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))


def to_array(dtype: str, values: list[Any], shape: tuple[int, ...]) -> Any:
    """Plain values as the array that stands for them in a Tensor."""
    if dtype == 'string':
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array.reshape(shape)
    if dtype == 'bfloat16':
        bits = np.array(values, dtype=np.float32).view(np.uint32)
        return (bits >> 16).astype(np.uint16).reshape(shape)
    if dtype in RAW_TYPES:
        return np.array(values).astype(RAW_TYPES[dtype]).reshape(shape)
    return np.array(values, dtype=dtype).reshape(shape)

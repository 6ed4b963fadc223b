"""Finds words that TensorFlow hashes into given buckets: `StringToHashBucketFast`, which hash_bucket columns use.

The hash is FarmHash's Fingerprint64, here for words of eight bytes: https://github.com/google/farmhash
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

_FIRST = 10_000_000
"""The words are the decimal numbers from here on: as whole numbers, clients may send them, too."""
_AT_A_TIME = 200_000
_MOST_TRIED = 8_000_000
_K2 = 0x9AE16A3B2F90404F
_MULTIPLIER = np.uint64((_K2 + 16) % (1 << 64))


def words_in_buckets(buckets: Iterable[int], count: int) -> list[bytes]:
    """A word for each of the buckets, out of `count`, for which one is found."""
    left = np.array(sorted({bucket for bucket in buckets if bucket < count}), dtype=np.uint64)
    found: list[bytes] = []
    for start in range(_FIRST, _FIRST + _MOST_TRIED, _AT_A_TIME):
        if not left.size:
            break
        numbers = np.arange(start, start + _AT_A_TIME)
        hit = _fingerprints(numbers) % np.uint64(count)
        reached, places = np.unique(hit, return_index=True)
        wanted = np.isin(reached, left)
        found += [str(number).encode() for number in numbers[places[wanted]]]
        left = np.setdiff1d(left, reached)
    return found


def _fingerprints(numbers: Any) -> Any:
    """Of numbers of eight digits, written as text."""
    digits = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10 + ord('0')
    word = np.ascontiguousarray(digits.astype(np.uint8)).view('<u8')[:, 0]
    with np.errstate(over='ignore'):
        a = word + np.uint64(_K2)
        c = _rotated(word, 37) * _MULTIPLIER + a
        d = (_rotated(a, 25) + word) * _MULTIPLIER
        mixed = _mixed((c ^ d) * _MULTIPLIER)
        return _mixed((d ^ mixed) * _MULTIPLIER) * _MULTIPLIER


def _rotated(values: Any, by: int) -> Any:
    return values >> np.uint64(by) | values << np.uint64(64 - by)


def _mixed(values: Any) -> Any:
    return values ^ values >> np.uint64(47)

from __future__ import annotations

from migrate.verify.hashing import words_in_buckets


def test_words_are_in_the_buckets_that_tensorflow_hashes_them_into() -> None:
    # tf.strings.to_hash_bucket_fast([b'10001615', b'10000588', b'10001409', b'10000802'], 1000) is [7, 5, 17, 123].
    assert set(words_in_buckets([7, 5, 17, 123], 1000)) == {b'10001615', b'10000588', b'10001409', b'10000802'}
    # tf.strings.to_hash_bucket_fast([b'10198847', b'10817822', b'10239646'], 1000000) is [5, 17, 123].
    assert set(words_in_buckets([5, 17, 123], 1_000_000)) == {b'10198847', b'10817822', b'10239646'}


def test_what_is_no_bucket_or_too_rare_has_no_word() -> None:
    assert words_in_buckets([10], 10) == []
    assert words_in_buckets([], 10) == []

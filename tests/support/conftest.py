from __future__ import annotations

import pytest


@pytest.fixture
def sess():
    import tensorflow as tf

    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        yield session

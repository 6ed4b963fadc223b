"""Exports the router from the checkpoint in `checkpoints`, which `python export.py train` writes.

    python export.py

writes `router/<time>/`, which becomes `router/1`: servers number the versions of a model.
"""
from __future__ import print_function

import os
import sys

import inputs
import model
import tensorflow as tf


def main():
    config = tf.estimator.RunConfig(save_checkpoints_steps=100, keep_checkpoint_max=1)
    router = tf.estimator.Estimator(model.model_fn, 'checkpoints', config=config, params={'units': 8})
    if 'train' in sys.argv:
        router.train(inputs.train_input_fn, max_steps=200)
    print(router.evaluate(inputs.train_input_fn, steps=3))
    folder = router.export_saved_model('router', inputs.serving_input_receiver_fn)
    os.rename(folder.decode(), os.path.join('router', '1'))


if __name__ == '__main__':
    main()

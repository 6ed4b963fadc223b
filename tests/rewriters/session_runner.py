"""Runs files that export, one after the other in one process, and calls what they exported in a session.

    session_runner.py FOLDER < CASES > RESULTS

CASES is a JSON list of [name, source path, SavedModel folder, tags, signature key, inputs]; RESULTS maps each case's
name to its outputs and the signature's method name. It runs under TensorFlow 1.15 as well as under TensorFlow 2.
"""

import contextlib
import json
import os
import runpy
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import tensorflow as tf

v1 = tf.compat.v1


def call(folder, tags, key, inputs):
    with v1.Graph().as_default(), v1.Session() as session:
        signature = v1.saved_model.load(session, tags, folder).signature_def[key]
        feeds = {signature.inputs[name].name: value for name, value in inputs.items()}
        outputs = session.run({name: info.name for name, info in signature.outputs.items()}, feeds)
        return {'outputs': {name: plain(value) for name, value in outputs.items()}, 'method': signature.method_name}


def plain(value):
    value = value.tolist() if hasattr(value, 'tolist') else value
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value.decode() if isinstance(value, bytes) else value


def main(folder):
    cases = json.load(sys.stdin)
    results = {}
    for source in sorted({case[1] for case in cases}):
        work = os.path.join(folder, os.path.basename(source)[:-3])
        os.mkdir(work)
        os.chdir(work)
        with contextlib.redirect_stdout(sys.stderr):
            runpy.run_path(source, run_name='__main__')
        for name, of, exported, tags, key, inputs in cases:
            if of == source:
                results[name] = call(exported, tags, key, inputs)
    json.dump(results, sys.stdout)


if __name__ == '__main__':
    main(sys.argv[1])

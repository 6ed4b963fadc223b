"""Programs that build graph and run it outside of any graph: eager mode is switched off where they start."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from rewriters import rewrite

SWITCH = 'tf.compat.v1.disable_v2_behavior()'
MAIN = '''\
def main():
    x = tf.placeholder(tf.float32, [])
    y = x * tf.Variable(2.0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        print(sess.run(y, {x: 3.0}))
'''
PROGRAM = f'''\
import tensorflow as tf


{MAIN}

if __name__ == '__main__':
    main()
'''
# Of this and the like nothing is to be switched.
OTHERS = {
    'under a graph': PROGRAM.replace('    main()', '    with tf.Graph().as_default():\n        run()').replace(
        MAIN, 'def run():\n    with tf.Graph().as_default():\n' + '        pass\n'
    ),
    'no program': f'import tensorflow as tf\n\n\n{MAIN}',
    'the session is elsewhere': PROGRAM.replace('tf.Session()', 'open_session()'),
    'the placeholder is elsewhere': PROGRAM.replace('tf.placeholder(', 'make_placeholder('),
    'in another function': PROGRAM.replace('def main():', 'def inputs():').replace(
        '    with', '    return y\n\n\ndef main():\n    with'
    ),
    'in the block of the session': (
        'import tensorflow as tf\n\n\ndef main():\n    with tf.Session() as sess:\n'
        '        x = tf.placeholder(tf.float32, [])\n        print(sess.run(x, {x: 3.0}))\n\n\n'
        "if __name__ == '__main__':\n    main()\n"
    ),
    'tests': PROGRAM.replace('    main()\n', '    tf.test.main()\n'),
    'graph of the module itself': PROGRAM.replace('\n\n\ndef', '\n\nz = tf.placeholder(tf.int32)\n\n\ndef', 1),
    'TensorFlow comes later': PROGRAM.replace('import tensorflow as tf\n', '').replace(
        "'__main__':\n", "'__main__':\n    import tensorflow as tf\n"
    ),
}


def switched(source: str) -> str:
    return rewrite(source.encode()).source.decode()


def test_program() -> None:
    result = rewrite(PROGRAM.encode())
    assert f"if __name__ == '__main__':\n    {SWITCH}\n    main()\n" in result.source.decode()
    (finding,) = result.findings
    assert (finding.code, finding.confidence.value, finding.place.line) == ('NAM301', 'review', 5)
    assert 'disable_v2_behavior' in finding.message


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ("if __name__ == '__main__': tf.app.run()\n", f"if __name__ == '__main__': {SWITCH}; tf.compat.v1.app.run()\n"),
        (
            'if __name__ == "__main__":\n\ttf.app.run()\n',
            f'if __name__ == "__main__":\n\t{SWITCH}\n\ttf.compat.v1.app.run()\n',
        ),
        (
            "if '__main__' == __name__:\n    # Here it starts.\n    main()\n",
            f"if '__main__' == __name__:\n    # Here it starts.\n    {SWITCH}\n    main()\n",
        ),
    ],
)
def test_ways_to_start(before: str, after: str) -> None:
    source = PROGRAM.partition('if __name__')[0]
    assert switched(source + before).endswith(after)
    assert switched((source + before).replace('\n', '\r\n')).endswith(after.replace('\n', '\r\n'))


def test_compat_v1_under_the_name_of_tensorflow() -> None:
    source = PROGRAM.replace('import tensorflow as tf', 'import tensorflow.compat.v1 as tf')
    assert '    tf.disable_v2_behavior()\n    main()\n' in switched(source)


def test_a_second_rewrite_changes_and_finds_nothing() -> None:
    result = rewrite(switched(PROGRAM).encode())
    assert result.source.decode() == switched(PROGRAM)
    assert not result.findings


@pytest.mark.parametrize('kind', OTHERS)
def test_others_are_left_as_they_are(kind: str) -> None:
    assert SWITCH not in switched(OTHERS[kind])


def test_who_switches_already_is_left_alone() -> None:
    by_hand = f'import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n{PROGRAM.partition(chr(10))[2]}'
    assert switched(by_hand) == by_hand


def test_an_export_that_keeps_its_session_switches_by_itself() -> None:
    export = "        tf.saved_model.simple_save(sess, 'd', {'x': x}, make(y))\n"
    source = PROGRAM.replace('        print(', f'{export}        print(')
    assert switched(source).count(SWITCH) == 1


@pytest.mark.skipif(find_spec('tensorflow') is None, reason='needs TensorFlow')
def test_it_runs(tmp_path: Path) -> None:
    (tmp_path / 'program.py').write_text(switched(PROGRAM))
    process = subprocess.run(
        [sys.executable, 'program.py'], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert process.returncode == 0, process.stderr[-2000:]
    assert process.stdout.split() == ['6.0']

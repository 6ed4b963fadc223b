"""For scripts that run in a process of their own: `import parent` ends it when the process is gone that started it.

A parent that is killed can't end its children, which would go on to run a model, and write to its folders.
"""

from __future__ import annotations

import os
import threading
import time

_INTERVAL = 0.5


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_INTERVAL)
    os._exit(1)


threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()

# SPDX-License-Identifier: Apache-2.0
"""tab.py EXPECTED SHELL TEXT...: types each text and the Tab key after it into an interactive shell on a terminal, then
Return, and succeeds when the command that came of it prints what is expected.

Nothing typed is in what is expected, so an echo is not taken for an answer."""

import os
import pty
import re
import select
import sys
import time

LIMIT = 30

expected, shell, *texts = sys.argv[1:]
shown = ""


def show(seconds):
    """Takes in what comes within that time; false when nothing came."""
    global shown
    if not select.select([terminal], [], [], seconds)[0]:
        return False
    try:
        shown += os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # The shell has ended.
        return False
    return True


process, terminal = pty.fork()
if process == 0:
    os.environ.update(TERM="xterm", PS1="")
    os.execvp(shell, [shell, "-i"])

end = time.monotonic() + LIMIT
# A shell takes keys when it has nothing more to say.
for text in texts + [None]:
    while show(0.5) and time.monotonic() < end:
        pass
    os.write(terminal, b"\r" if text is None else text.encode() + b"\t")
while expected not in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown) and time.monotonic() < end:
    if not show(0.5) and os.waitpid(process, os.WNOHANG)[0]:
        break
os.close(terminal)
sys.exit(0 if expected in shown else f"{shell} showed: {shown!r}")

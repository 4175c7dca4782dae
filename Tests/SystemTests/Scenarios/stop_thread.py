# SPDX-License-Identifier: Apache-2.0
"""Stops one thread of a process and leaves the others running: stop_thread.py PID NAME

No signal can do that. A tracer can: it holds the thread until its end, which is the end of the process.
"""

import ctypes
import os
import sys

PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
WALL = 0x40000000

process, name = sys.argv[1:]
names = {}
for thread in os.listdir(f"/proc/{process}/task"):
    with open(f"/proc/{process}/task/{thread}/comm") as comm:
        names[int(thread)] = comm.read().strip()
found = [thread for thread, its in names.items() if its.startswith(name)]
if len(found) != 1:
    sys.exit(f"not one thread {name} in {names}")
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
    if libc.ptrace(request, found[0], None, None) != 0:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
while True:
    # The first stop is ours; the next report is the thread's end.
    _, status = os.waitpid(found[0], WALL)
    if not os.WIFSTOPPED(status):
        break

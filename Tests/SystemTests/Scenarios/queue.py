# SPDX-License-Identifier: Apache-2.0
"""Requests that come one after the other while the service restarts: queue.py COUNT. Each has a connection of its own."""

import http.client
import sys
import threading
import time

failures = []


def ask():
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 3455, timeout=60)
        connection.request("GET", "/readyz")
        if connection.getresponse().status != 200:
            failures.append("status")
    except OSError as error:
        failures.append(repr(error))


clients = []
print("begun", flush=True)
for _ in range(int(sys.argv[1])):
    clients.append(threading.Thread(target=ask))
    clients[-1].start()
    time.sleep(0.02)
for client in clients:
    client.join()
print(failures, flush=True)
sys.exit(1 if failures else 0)

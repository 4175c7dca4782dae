# SPDX-License-Identifier: Apache-2.0
"""Clients that never rest while a command is run again and again: load.py COUNT COMMAND...

Streams on connections that are kept, small requests on connections that are kept, and small requests on new ones. Fails
when one request of them fails or is cut, or when the 99th percentile of the small ones' latency grows by half a second,
which it does not by a busy processor but where requests wait for a process.
"""

import http.client
import json
import subprocess
import sys
import threading
import time

STREAM = json.dumps({
    "model": "claude-sonnet-4-5", "max_tokens": 500, "stream": True,
    "messages": [{"role": "user", "content": "Tell me a story."}],
})
HEADERS = {"content-type": "application/json"}

stop = threading.Event()
failures = []
streams = []
latencies = []


def stream(connection):
    connection.request("POST", "/v1/messages", STREAM, HEADERS)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200 or b"event: message_stop" not in body:
        failures.append(f"stream: {answer.status} {body[-200:]}")
    streams.append(time.monotonic())
    return answer


def small(connection):
    begin = time.monotonic()
    connection.request("GET", "/v1/models")
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        failures.append(f"small: {answer.status}")
    latencies.append((begin, time.monotonic() - begin))
    # The pace keeps a small machine from measuring only itself.
    time.sleep(0.005)
    return answer


def client(request, keeps):
    connection = None
    while not stop.is_set():
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", 3455, timeout=60)
            answer = request(connection)
            if not keeps or answer.will_close:
                connection.close()
                connection = None
        except (OSError, http.client.HTTPException) as error:
            failures.append(f"{request.__name__}: {error!r}")
            connection = None


def percentile(values, part):
    values = sorted(values)
    return values[int(len(values) * part)]


clients = [threading.Thread(target=client, args=arguments, daemon=True)
           for arguments in [(stream, True)] * 8 + [(small, True)] * 2 + [(small, False)] * 2]
for thread in clients:
    thread.start()
time.sleep(3)
begin = time.monotonic()
for _ in range(int(sys.argv[1])):
    subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL)
    time.sleep(0.2)
end = time.monotonic()
stop.set()
for thread in clients:
    thread.join()
before = percentile([latency for moment, latency in latencies if begin - 2 < moment < begin], 0.99)
during = percentile([latency for moment, latency in latencies if begin < moment < end], 0.99)
print(f"{sys.argv[1]} restarts in {end - begin:.1f} s, {len(streams)} streams, {len(latencies)} small requests, "
      f"p99 {before * 1000:.1f} ms before, {during * 1000:.1f} ms during, {len(failures)} failures")
for failure in failures[:10]:
    print(failure)
sys.exit(1 if failures or during - before > 0.5 else 0)

# SPDX-License-Identifier: Apache-2.0
"""Runs a client and keeps what it sends: `recorder.py DIRECTORY PROGRAM ARGUMENTS...`.

Stands between the client and the server that ANTHROPIC_BASE_URL names, passes all bytes on both ways, and writes those of
each connection's client into a file of its own. Ends with the client's status. Without the variable it only runs the
program.
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import urllib.parse


def pump(source, target, copy=None):
    """Passes bytes on until one side ends, and says so to the other."""
    try:
        while data := source.recv(65536):
            if copy is not None:
                copy.write(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One of them is gone, so the other has nobody to talk to.
        for end in (source, target):
            end.close()


def serve(listener, address, directory):
    count = 0
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        count += 1
        file = directory / f"{os.getpid()}-{count}.http"
        threading.Thread(target=connect, args=(client, address, file), daemon=True).start()


def connect(client, address, file):
    try:
        server = socket.create_connection(address)
    except OSError:
        client.close()
        return
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    with file.open("wb", buffering=0) as copy:
        pump(client, server, copy)


def main():
    directory, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    environment = dict(os.environ)
    if base := environment.get("ANTHROPIC_BASE_URL"):
        url = urllib.parse.urlsplit(base)
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        environment["ANTHROPIC_BASE_URL"] = url._replace(netloc=f"127.0.0.1:{port}").geturl()
        address = (url.hostname, url.port or 80)
        threading.Thread(target=serve, args=(listener, address, directory), daemon=True).start()
    program = subprocess.Popen(command, env=environment)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: program.send_signal(received))
    status = program.wait()
    sys.stdout.flush()
    os._exit(status if status >= 0 else 128 - status)


main()

# SPDX-License-Identifier: Apache-2.0
"""Serves the model of tiny_model.py with the real server of llama.cpp, on a free port of this machine, until it is killed.

Says so like a service, on NOTIFY_SOCKET: first `PORT=N`, and `READY=1` when the model is loaded."""

import argparse
import http.client
import http.server
import json
import os
import signal
import socket
import threading

import tiny_model
import xllamacpp

parser = argparse.ArgumentParser()
parser.add_argument("--template", choices=["hermes", "xml"], default="hermes")
parser.add_argument("--context", type=int, default=16384, help="tokens of one slot")
parser.add_argument("--slots", type=int, default=1)
parser.add_argument("--hold", metavar="FIFO", help="the model is loaded when all of this has been read")
parser.add_argument("--router", action="store_true", help="choose by name, tiny-hermes or tiny-xml, and load on demand")
options = parser.parse_args()


def notify(assignment):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.sendto(assignment.encode(), os.environ["NOTIFY_SOCKET"])


def reserve_port():
    """A port that stays ours: the socket is never listened on, and the server shares its address."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


def parameters(template, port):
    params = xllamacpp.CommonParams()
    # A file without a name, which needs no removal.
    file = os.memfd_create(template)
    params.model.path = f"/proc/{os.getpid()}/fd/{file}"
    tiny_model.write(template, params.model.path)
    params.model_alias = f"tiny-{template}"
    params.port = port
    params.reuse_port = True
    params.n_parallel = options.slots
    params.n_ctx = options.context * options.slots
    params.warmup = params.fit_params = params.ui = False
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    if options.hold:
        # The server loads until it has read the statistics of earlier texts.
        params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_CACHE]
        params.speculative.ngram_cache.lookup_cache_static = options.hold
    return params


class Router(http.server.BaseHTTPRequestHandler):
    """What llama-server does when it is started without a model, which the one in xllamacpp cannot do: it answers
    as llama-server does, and the servers behind it are real."""

    names = {"tiny-hermes": "hermes", "tiny-xml": "xml"}
    loaded = {}
    lock = threading.Lock()

    def do_GET(self):
        if self.path.endswith("/models"):
            models = [
                {"id": name, "object": "model", "owned_by": "llamacpp", "created": 0, "status": {"value": state}}
                for name in self.names
                for state in ["loaded" if name in self.loaded else "unloaded"]
            ]
            self.answer(200, {"data": models, "object": "list"})
        elif self.path == "/props":
            self.answer(200, {"role": "router", "default_generation_settings": {"params": None, "n_ctx": 0}})
        else:
            self.answer(200, {"status": "ok"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        name = json.loads(body).get("model", "")
        if name not in self.names:
            error = {"code": 400, "message": f"model '{name}' not found", "type": "invalid_request_error"}
            return self.answer(400, {"error": error})
        with self.lock:
            if name not in self.loaded:
                port = reserve_port()
                self.loaded[name] = port, xllamacpp.Server(parameters(self.names[name], port.getsockname()[1]))
        port, _ = self.loaded[name]
        behind = http.client.HTTPConnection("127.0.0.1", port.getsockname()[1])
        behind.request("POST", self.path, body, {"content-type": "application/json"})
        reply = behind.getresponse()
        self.head(reply.status, reply.headers["content-type"])
        while piece := reply.read1():
            self.wfile.write(piece)

    def answer(self, status, content):
        self.head(status, "application/json; charset=utf-8")
        self.wfile.write(json.dumps(content).encode())

    def head(self, status, kind):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        self.end_headers()

    def version_string(self):
        return "llama.cpp"

    def log_message(self, *_):
        pass


if options.router:
    router = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Router)
    notify(f"PORT={router.server_port}")
    notify("READY=1")
    router.serve_forever()
else:
    reserved = reserve_port()
    params = parameters(options.template, reserved.getsockname()[1])
    notify(f"PORT={params.port}")
    server = xllamacpp.Server(params)
    notify("READY=1")
    signal.pause()

# SPDX-License-Identifier: Apache-2.0
"""upstream.py PORT KEY TEXT: a Chat Completions API that says TEXT to whoever has the KEY, and prints what it was asked."""

import http.server
import json
import sys

port, key, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


class Upstream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        print(json.dumps({name: request.get(name) for name in ("model", "stream")}), flush=True)
        if self.headers.get("authorization") != f"Bearer {key}":
            self.answer(401, "application/json", json.dumps({"error": {"message": "Incorrect API key provided."}}))
        elif request.get("stream"):
            chunks = [
                self.completion(delta={"role": "assistant", "content": text}),
                self.completion(delta={}, finish_reason="stop"),
                {"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": USAGE},
            ]
            lines = [json.dumps(chunk) for chunk in chunks] + ["[DONE]"]
            self.answer(200, "text/event-stream", "".join(f"data: {line}\n\n" for line in lines))
        else:
            message = {"role": "assistant", "content": text}
            answer = self.completion(message=message, finish_reason="stop") | {"usage": USAGE}
            self.answer(200, "application/json", json.dumps(answer))

    @staticmethod
    def completion(**choice):
        return {"id": "c", "object": "chat.completion", "choices": [{"index": 0} | choice]}

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Upstream)
print("listening", flush=True)
server.serve_forever()

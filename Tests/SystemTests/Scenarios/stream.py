# SPDX-License-Identifier: Apache-2.0
"""One streamed message. Says when it has begun; fails unless it ends as it should."""

import http.client
import json
import sys

connection = http.client.HTTPConnection("127.0.0.1", 3455, timeout=60)
message = {
    "model": "claude-sonnet-4-5", "max_tokens": 500, "stream": True,
    "messages": [{"role": "user", "content": "Tell me a story."}],
}
connection.request("POST", "/v1/messages", json.dumps(message), {"content-type": "application/json"})
answer = connection.getresponse()
body = answer.read1(100)
print("first", flush=True)
body += answer.read()
print(body[-100:], flush=True)
sys.exit(0 if answer.status == 200 and b"event: message_stop" in body else 1)

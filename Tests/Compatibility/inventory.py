# SPDX-License-Identifier: Apache-2.0
"""What clients send, as sets of names without any of their texts: from recordings, the program and the types."""

import importlib.metadata
import importlib.util
import json
import mmap
import pathlib
import re
import subprocess

import sdk_types

# Below these, every client may put what it likes.
OPAQUE = {"input_schema", "input", "schema", "user_id"}
# The members of some objects are names that the user chose.
CHOSEN_NAMES = {"rules", "git_state"}

DATE = re.compile(rb"-202[4-9]-[01][0-9]-[0-3][0-9]")
# What may stand before the date.
NAME_END = re.compile(rb"[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
HEADER = re.compile(rb"x-claude-code(?:-[a-z]+)+")


def take(recordings):
    """The inventory of all that was recorded and of what is installed."""
    requests = [request for file in sorted(recordings.glob("*.http")) for request in parse(file.read_bytes())]
    return {
        "versions": versions(),
        "requests": {
            client: describe([request for request in requests if client_of(request) == client])
            for client in sorted({client_of(request) for request in requests})
        },
        "program": program(),
        "types": sdk_types.names(),
    }


def versions():
    claude = claude_path()
    output = subprocess.run([claude, "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "anthropic": importlib.metadata.version("anthropic"),
        "claude": output.split()[0],
        "claude-agent-sdk": importlib.metadata.version("claude-agent-sdk"),
    }


def claude_path():
    spec = importlib.util.find_spec("claude_agent_sdk")
    return str(pathlib.Path(spec.submodule_search_locations[0]) / "_bundled" / "claude")


def program():
    """The names that stand in Claude Code itself, whether they were seen on the wire or not."""
    with open(claude_path(), "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as contents:
        betas = set()
        for date in DATE.finditer(contents):
            if name := NAME_END.search(contents[max(0, date.start() - 64) : date.start()]):
                betas.add((name.group() + date.group()).decode())
        return {"betas": sorted(betas), "headers": sorted({name.decode() for name in HEADER.findall(contents)})}


def parse(data):
    """The requests of one connection. The last may be cut."""
    while (end := data.find(b"\r\n\r\n")) >= 0:
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, target, _ = first.split(" ")
        length = int(headers.get("content-length", 0))
        body = data[end + 4 : end + 4 + length]
        if len(body) < length:
            return
        data = data[end + 4 + length :]
        yield {"endpoint": f"{method} {target}", "headers": headers, "body": json.loads(body) if body else None}


def client_of(request):
    agent = request["headers"].get("user-agent", "").split("/")[0].lower()
    return {"claude-cli": "claude", "claude-code": "claude", "bun": "claude"}.get(agent, agent or "unknown")


def describe(requests):
    betas, fields, tools = set(), {}, set()
    for request in requests:
        betas.update(beta.strip() for beta in request["headers"].get("anthropic-beta", "").split(",") if beta)
        if isinstance(request["body"], dict):
            walk(request["body"], "", fields)
            tools.update(tool["name"] for tool in request["body"].get("tools", []) if "name" in tool)
    return {
        "endpoints": sorted({request["endpoint"] for request in requests}),
        "headers": sorted({name for request in requests for name in request["headers"]}),
        "betas": sorted(betas),
        "tools": sorted(name for name in tools if not name.startswith("mcp__")),
        "fields": {path: " | ".join(sorted(kinds)) for path, kinds in sorted(fields.items())},
    }


def walk(value, path, fields):
    """Adds the paths below a value, and of which kind each is. Of a list's members the `type` or `role` is named."""
    if isinstance(value, list):
        for element in value:
            label = (element.get("type") or element.get("role") or "") if isinstance(element, dict) else ""
            walk(element, f"{path}[{label}]", fields)
        return
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        below = f"{path}.{name}" if path else name
        fields.setdefault(below, set()).add(kind_of(name, member))
        if name in OPAQUE:
            continue
        if name in CHOSEN_NAMES and isinstance(member, dict):
            continue
        walk(member, below, fields)


# The fields whose few values are words of the API.
WORDS = {"type", "role", "effort", "display", "speed", "service_tier", "ttl", "keep"}


def kind_of(name, value):
    if name in WORDS and isinstance(value, str):
        return f'"{value}"'
    return {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}.get(type(value), "number")


def differences(old, new, path=""):
    """What is only in the new one and what is only in the old one, as lines."""
    if isinstance(old, dict) and isinstance(new, dict):
        added, missing = [], []
        for name in sorted(old.keys() | new.keys()):
            below = f"{path} {name}".strip()
            if name not in old:
                added.append(f"{below}: {plain(new[name])}")
            elif name not in new:
                missing.append(f"{below}: {plain(old[name])}")
            else:
                more, less = differences(old[name], new[name], below)
                added += more
                missing += less
        return added, missing
    if isinstance(old, list) and isinstance(new, list):
        return (
            [f"{path}: {value}" for value in new if value not in old],
            [f"{path}: {value}" for value in old if value not in new],
        )
    return ([], []) if old == new else ([f"{path}: {plain(new)}, was {plain(old)}"], [])


def plain(value):
    return ", ".join(map(str, value)) if isinstance(value, (list, dict)) else str(value)

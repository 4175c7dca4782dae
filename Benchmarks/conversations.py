# SPDX-License-Identifier: Apache-2.0
"""Request bodies of any size, in the Anthropic and in the OpenAI form, with the same synthetic words."""

import json
import random

WORDS = (
    "alpha array branch buffer cache client commit config daemon delta editor engine error event fetch field file flag "
    "function gateway handle header index input kernel layer line logger match method module number object option packet "
    "parser path pipe pointer process query queue range reader record result return router scope server session signal "
    "socket source stream string struct switch table target task thread token value vector writer"
).split()


def prose(rng, size):
    """About `size` bytes that look like source code and its output: quotes, escapes, some characters beyond ASCII."""
    lines, length = [], 0
    while length < size:
        words = " ".join(rng.choices(WORDS, k=9))
        kind = rng.randrange(4)
        if kind == 0:
            line = f'    let {rng.choice(WORDS)} = "{words}\\n"'
        elif kind == 1:
            line = f"\t// {words}: é, ü, 你好"
        else:
            line = words
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines)


def tools(rng, count):
    made = []
    for number in range(count):
        properties = {
            f"{rng.choice(WORDS)}_{index}": {"type": rng.choice(["string", "number", "boolean"]), "description": prose(rng, 90)}
            for index in range(5)
        }
        schema = {"type": "object", "properties": properties, "required": list(properties)[:2], "additionalProperties": False}
        made.append((f"tool_{number}", prose(rng, 900), schema))
    return made


def conversation(size, seed=7):
    """A list of turns (question, reasoning text, tool name, input, result) of `size` bytes in all."""
    rng = random.Random(seed)
    turns, length = [], 0
    while length < size:
        result = prose(rng, min(6000, max(200, size - length - 500)))
        turns.append((prose(rng, 120), prose(rng, 200), f"tool_{rng.randrange(12)}", {"path": prose(rng, 40), "limit": 200}, result))
        length += len(result) + 700
    return turns


def anthropic(size, stream, tool_count=12):
    rng = random.Random(11)
    messages = []
    for number, (question, text, name, arguments, result) in enumerate(conversation(size) if size else []):
        call = f"toolu_{number:08d}"
        messages.append({"role": "user", "content": [{"type": "text", "text": question}]})
        messages.append({"role": "assistant", "content": [
            {"type": "text", "text": text}, {"type": "tool_use", "id": call, "name": name, "input": arguments}]})
        messages.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": call, "content": result}]})
    messages.append({"role": "user", "content": [{"type": "text", "text": "Go on, please."}]})
    body = {"model": "claude-sonnet-5-5", "max_tokens": 32000, "stream": stream, "messages": messages}
    body["system"] = [{"type": "text", "text": prose(rng, 9000 if size else 600), "cache_control": {"type": "ephemeral"}}]
    if size:
        body["tools"] = [
            {"name": name, "description": text, "input_schema": schema} for name, text, schema in tools(rng, tool_count)]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def openai(size, stream, tool_count=12):
    rng = random.Random(11)
    messages = []
    for number, (question, text, name, arguments, result) in enumerate(conversation(size) if size else []):
        call = f"call_{number:08d}"
        function = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": text, "tool_calls": [{"id": call, "type": "function", "function": function}]})
        messages.append({"role": "tool", "tool_call_id": call, "content": result})
    messages.append({"role": "user", "content": "Go on, please."})
    body = {"model": "qwen3-coder-plus", "max_tokens": 32000, "stream": stream, "messages": messages}
    messages.insert(0, {"role": "system", "content": prose(rng, 9000 if size else 600)})
    if size:
        body["tools"] = [
            {"type": "function", "function": {"name": name, "description": text, "parameters": schema}}
            for name, text, schema in tools(rng, tool_count)]
    if stream:
        body["stream_options"] = {"include_usage": True}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

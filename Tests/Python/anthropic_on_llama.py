# SPDX-License-Identifier: Apache-2.0
"""Uses the gateway in front of a real server through the official client and prints one line per check: `ok NAME` or
`FAILED NAME: why`. The answers are those of tiny_model.py."""

import anthropic

from anthropic_gateway import SHELL, ask, client
from checks import check, run

GREETING = "Hello from the tiny model."


@check
def message():
    answer = client.messages.create(**ask("Say hello."))
    assert [block.text for block in answer.content] == [GREETING], answer
    assert answer.stop_reason == "end_turn" and answer.usage.input_tokens > 0, answer


@check
def text_stream():
    with client.messages.stream(**ask("Say hello.")) as stream:
        assert "".join(stream.text_stream) == GREETING
        assert stream.get_final_message().stop_reason == "end_turn"


@check
def tool_loop():
    request = ask("<|call|>", tools=[SHELL])
    with client.messages.stream(**request) as stream:
        answer = stream.get_final_message()
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert answer.stop_reason == "tool_use" and [call.input for call in calls] == [{"command": "echo hi"}], answer
    request["messages"].append({"role": "assistant", "content": answer.content})
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": "hi"} for call in calls]
    request["messages"].append({"role": "user", "content": results})
    assert client.messages.create(**request).content[-1].text == "Done with it."


@check
def demanded_tool():
    answer = client.messages.create(**ask("Say hello.", tools=[SHELL], tool_choice={"type": "any"}))
    assert answer.content[-1].input == {"command": "echo hi"}, answer


@check
def output_limit():
    answer = client.messages.create(**ask("<|long|>", max_tokens=8))
    assert answer.stop_reason == "max_tokens" and answer.content[0].text.split() == ["long"] * 8, answer


@check
def prompt_too_long():
    try:
        client.messages.create(**ask("the file " * 20_000))
    except anthropic.BadRequestError as error:
        assert error.body["error"]["message"].startswith("prompt is too long: "), error.body
        return
    raise AssertionError("no exception")


run()

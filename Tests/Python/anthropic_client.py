# SPDX-License-Identifier: Apache-2.0
"""Uses the gateway through the official client and prints one line per check: `ok NAME` or `FAILED NAME: why`."""

import anthropic

from anthropic_gateway import MODEL, SHELL, ask, client
from checks import check, run


@check
def message():
    answer = client.messages.create(**ask("[[play text in /nowhere]]"))
    assert answer.type == "message" and answer.role == "assistant" and answer.model == MODEL, answer
    assert [block.type for block in answer.content] == ["text"], answer
    assert answer.content[0].text.startswith("Hello from the scripted model"), answer
    assert answer.stop_reason == "end_turn" and answer.usage.output_tokens > 0, answer
    assert answer._request_id, "no request id"


@check
def text_stream():
    with client.messages.stream(**ask("[[play long in /nowhere]]")) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text.startswith("LONG-BEGIN") and text.endswith("LONG-END"), text[:80]
    assert final.content[0].text == text and final.stop_reason == "end_turn", final.stop_reason


@check
def raw_stream_events():
    kinds = [event.type for event in client.messages.create(stream=True, **ask("[[play text in /nowhere]]"))]
    assert kinds[0] == "message_start" and kinds[-1] == "message_stop", kinds
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 1, kinds


@check
def tool_loop():
    conversation = [{"role": "user", "content": "[[play tour in /nowhere]]"}]
    with client.messages.stream(model=MODEL, max_tokens=256, tools=[SHELL], messages=conversation) as stream:
        answer = stream.get_final_message()
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert answer.stop_reason == "tool_use" and len(calls) == 3, answer
    assert all(call.input["command"].startswith("echo") for call in calls), calls
    conversation.append({"role": "assistant", "content": answer.content})
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": "done"} for call in reversed(calls)]
    conversation.append({"role": "user", "content": results})
    answer = client.messages.create(model=MODEL, max_tokens=256, tools=[SHELL], messages=conversation)
    assert "3 results" in answer.content[-1].text, answer


@check
def thinking():
    answer = client.messages.create(**ask("[[play reasoning in /nowhere]]", tools=[SHELL]))
    assert [block.type for block in answer.content] == ["thinking", "text", "tool_use"], answer


@check
def count_tokens():
    def count(messages):
        return client.messages.count_tokens(model=MODEL, messages=messages, tools=[SHELL]).input_tokens

    question = [{"role": "user", "content": "[[play text in /nowhere]] Some words to count."}]
    answer = client.messages.create(model=MODEL, max_tokens=256, messages=question, tools=[SHELL])
    counted = answer.usage.input_tokens + answer.usage.cache_read_input_tokens
    # What the upstream counted is the count of the same prompt, and where that of a longer one begins.
    assert count(question) == counted == 3019, (count(question), counted)
    longer = question + [{"role": "assistant", "content": "An answer."}, {"role": "user", "content": "word " * 200}]
    assert 3019 + 130 <= count(longer) <= 3019 + 340, count(longer)
    longest = longer + [{"role": "assistant", "content": "Another one."}, {"role": "user", "content": "word " * 400}]
    assert 260 <= count(longest) - count(longer) <= 680, (count(longer), count(longest))


@check
def models():
    described = list(client.models.list(limit=1000))
    # Not in the list, and a request for them would be answered; one has a slash in its name.
    described += [client.models.retrieve(name) for name in ("claude-opus-99", "anthropic/claude-99")]
    for model in described:
        # The client itself takes whatever comes; its types do not.
        anthropic.types.ModelInfo.model_validate(model.model_dump(mode="json"))
        assert model.lifecycle == "active" and model.max_input_tokens > 0 and model.max_tokens > 0
        assert model.capabilities.image_input.supported in (True, False)
    listed = [model.id for model in client.models.list(limit=1000)]
    assert "qwen3-coder-plus" in listed and any(name.startswith("claude") for name in listed), listed
    assert client.models.retrieve(listed[0]).id == listed[0]


def refusal(status, exception, kind):
    def refused():
        for streaming in (False, True):
            try:
                answer = client.messages.create(stream=streaming, **ask(f"refuse with {status}"))
                if streaming:
                    list(answer)
            except exception as error:
                assert error.body["error"]["type"] == kind, error.body
                assert error.request_id, "no request id"
                continue
            raise AssertionError("no exception")

    refused.__name__ = f"refusal_{status}"
    check(refused)


refusal(400, anthropic.BadRequestError, "invalid_request_error")
refusal(401, anthropic.AuthenticationError, "authentication_error")
refusal(403, anthropic.PermissionDeniedError, "permission_error")
refusal(404, anthropic.NotFoundError, "not_found_error")
refusal(413, anthropic.APIStatusError, "request_too_large")
refusal(429, anthropic.RateLimitError, "rate_limit_error")
refusal(500, anthropic.InternalServerError, "api_error")
refusal(503, anthropic.APIStatusError, "overloaded_error")


@check
def unknown_path():
    try:
        client.post("/v1/nothing", cast_to=object, body={})
    except anthropic.NotFoundError as error:
        assert error.body["error"]["type"] == "not_found_error", error.body
        return
    raise AssertionError("no exception")


run()

# SPDX-License-Identifier: Apache-2.0
"""The gateway as the official client sees it. Its address and key come from ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY, as
for any program."""

import anthropic

MODEL = "claude-sonnet-5-5"
SHELL = {
    "name": "Bash",
    "description": "Runs a command.",
    "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
}

client = anthropic.Anthropic(max_retries=0, timeout=60)


def ask(text, **more):
    return dict(model=MODEL, max_tokens=256, messages=[{"role": "user", "content": text}]) | more

# SPDX-License-Identifier: Apache-2.0
"""Prints where the Claude Code binary is that the installed claude-agent-sdk brought."""

import importlib.util
import pathlib
import sys

spec = importlib.util.find_spec("claude_agent_sdk")
if spec is None or not spec.submodule_search_locations:
    sys.exit("claude-agent-sdk is not installed")
binary = pathlib.Path(list(spec.submodule_search_locations)[0]) / "_bundled" / "claude"
if not binary.is_file():
    sys.exit(f"no Claude Code in {binary.parent}")
print(binary)

# SPDX-License-Identifier: Apache-2.0
"""What Claude Code and the official SDK can send, and what becomes of it.

    compat.py wrap DIRECTORY      writes programs that record what the clients send, for the tests to run
    compat.py compare DIRECTORY   tells what the recordings and the types have that inventory.json has not
    compat.py record DIRECTORY    makes inventory.json of them
    compat.py document            makes docs/compatibility.md of table.json and inventory.json
    compat.py check [--also NAME] holds table.json against the types that are installed, and the document against both
"""

import argparse
import fnmatch
import functools
import json
import pathlib
import shlex
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "table.json"
INVENTORY = HERE / "inventory.json"
DOCUMENT = HERE.parent.parent / "docs" / "compatibility.md"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@functools.cache
def rows():
    return [(name, row) for area in read(TABLE)["areas"] for row in area["rows"] for name in row["names"]]


def rows_for(name):
    """The patterns that a name is in; an exact one goes before the others."""
    patterns = [pattern for pattern, _ in rows() if fnmatch.fnmatchcase(name, pattern)]
    return [name] if name in patterns else patterns


def wrap(directory):
    directory.mkdir(parents=True, exist_ok=True)
    recorder = [sys.executable, str(HERE / "recorder.py"), str(directory.resolve())]
    import inventory

    for name, program in (("claude", inventory.claude_path()), ("python", sys.executable)):
        file = directory / name
        file.write_text(f'#!/bin/sh\nexec {shlex.join(recorder + [program])} "$@"\n', encoding="utf-8")
        file.chmod(0o755)


def compare(directory):
    import inventory

    new = inventory.take(directory)
    added, missing = inventory.differences(read(INVENTORY), new)
    tell("New:", added)
    tell("Recorded before, and not seen this time:", missing)
    unknown = [name for name in new["types"] if len(rows_for(name)) != 1]
    tell("Not in Tests/Compatibility/table.json, or in two rows:", unknown)
    known = set(new["types"])
    stale = [name for name, row in rows() if "source" not in row and not fnmatch.filter(known, name)]
    tell("In the table, and no longer in the types:", stale)
    if added or unknown:
        print("Complete Tests/Compatibility/table.json, then: make compat-record")
        return 1
    print("Nothing new.")
    return 0


def tell(title, lines):
    if lines:
        print(title, *(f"  {line}" for line in lines), sep="\n")


def record(directory):
    import inventory

    text = json.dumps(inventory.take(directory), indent=1, ensure_ascii=False)
    INVENTORY.write_text(text + "\n", encoding="utf-8")
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


VERDICTS = [
    ("translated", "The upstream gets the same in its own words, or the client does."),
    ("emulated", "The upstream has nothing like it; the gateway does it, or tells the model in text."),
    ("mentioned", "It is left out, and the model is told that something was."),
    ("dropped", "It is left out. Nothing that the user reads depends on it."),
    ("refused", "The request is answered with an error or a result that says so: leaving it out would change the meaning."),
    ("relayed", "It occurs only in answers of upstreams that speak the Messages API, which go through as they are."),
]


def document():
    recorded = read(INVENTORY)
    versions = recorded["versions"]
    lines = [
        "# Compatibility",
        "",
        "<!-- Made by `make compat-document` from Tests/Compatibility/table.json and inventory.json. Do not edit. -->",
        "",
        "What Claude Code and the official SDKs can send and receive, and what becomes of it. The tables are about upstreams",
        "with a Chat Completions API. An upstream that speaks the Messages API itself gets the client's request as it is, but",
        "for the model's name and for what `[[routes]]` say about parameters; its answer goes through as it is, but for the",
        "model's name. Tests hold the rows against the translator and against the types of the newest SDK.",
        "",
        "| Verdict | Meaning |",
        "|---|---|",
        *(f"| {verdict} | {meaning} |" for verdict, meaning in VERDICTS),
        "",
        f"Recorded with Claude Code {versions['claude']} (claude-agent-sdk {versions['claude-agent-sdk']}) and anthropic "
        f"{versions['anthropic']}.",
    ]
    for area in read(TABLE)["areas"]:
        lines += ["", f"## {area['title']}", ""]
        if area["about"]:
            lines += [area["about"], ""]
        lines += ["| Name | Verdict | Why |", "|---|---|---|"]
        lines += [f"| {names_of(row)} | {row['verdict']} | {row['why']} |" for row in area["rows"]]
    lines += client_lines(recorded)
    return "\n".join(lines) + "\n"


def names_of(row):
    names = ", ".join(f"`{name}`" for name in row["names"])
    return f"{names} ({row['source']})" if "source" in row else names


def client_lines(recorded):
    claude = recorded["requests"]["claude"]
    headers = [name for name in claude["headers"] if name.startswith(("anthropic-", "x-"))]
    unseen = [beta for beta in recorded["program"]["betas"] if beta not in claude["betas"]]
    return [
        "",
        "## What Claude Code sends",
        "",
        "Seen in the test suite's scenarios. `make compat` tells what a newer client adds.",
        "",
        "| What | Names |",
        "|---|---|",
        f"| Endpoints | {code(claude['endpoints'])} |",
        f"| Headers | {code(headers)} |",
        f"| Betas | {code(claude['betas'])} |",
        f"| Tools | {code(claude['tools'])} |",
        f"| Betas in the program that were not seen | {code(unseen)} |",
    ]


def code(names):
    return ", ".join(f"`{name}`" for name in names)


def check(also):
    """One line for each check, `ok NAME` or `FAILED NAME`."""
    import sdk_types

    names = sdk_types.names() + also
    failures = [f"{name} is in {len(found)} rows" for name in names if len(found := rows_for(name)) != 1]
    for failure in failures:
        print(f"FAILED types: {failure}")
    if not failures:
        print(f"ok types: {len(names)} names")
    written = DOCUMENT.read_text(encoding="utf-8") == document()
    print("ok document" if written else "FAILED document: run make compat-document")
    return 0 if written and not failures else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("wrap", "compare", "record"):
        commands.add_parser(name).add_argument("directory", type=pathlib.Path)
    commands.add_parser("document")
    commands.add_parser("check").add_argument("--also", action="append", default=[])
    arguments = parser.parse_args()
    match arguments.command:
        case "wrap":
            return wrap(arguments.directory)
        case "compare":
            return compare(arguments.directory)
        case "record":
            return record(arguments.directory)
        case "document":
            return DOCUMENT.write_text(document(), encoding="utf-8") and 0
        case "check":
            return check(arguments.also)


sys.exit(main())

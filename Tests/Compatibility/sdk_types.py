# SPDX-License-Identifier: Apache-2.0
"""What the types of the installed `anthropic` package can say, as a set of names.

A name is a path: `request.thinking`, `thinking.adaptive.display`, `block.tool_result.is_error`, `event.message_delta`.
Whatever has a `type` is named by it, so that a new member of a union is a new name, and so is a new field.
"""

import collections.abc
import importlib
import types as python_types
import typing

import pydantic
import typing_extensions

PARAMETERS = "message_create_params.MessageCreateParams"
COUNT = "message_count_tokens_params.MessageCountTokensParams"

# What a name begins with, and the type it stands for: of the stable API, of the beta one, and the field of it that is meant.
PARTS = [
    ("request", f"{PARAMETERS}NonStreaming", None),
    ("request", f"{PARAMETERS}Streaming", None),
    ("count_tokens", COUNT, None),
    ("message", "MessageParam", None),
    ("role", "MessageParam", "role"),
    ("block", "ContentBlockParam", None),
    ("result_block", "ToolResultBlockParam", "content"),
    ("image_source", "ImageBlockParam", "source"),
    ("document_source", "DocumentBlockParam", "source"),
    ("document_source", "RequestDocumentBlockParam", "source"),
    ("tool", "ToolUnionParam", None),
    ("tool_choice", "ToolChoiceParam", None),
    ("thinking", "ThinkingConfigParam", None),
    ("output_config", "OutputConfigParam", None),
    ("output_format", "OutputConfigParam", "format"),
    ("metadata", "MetadataParam", None),
    ("cache_control", "CacheControlEphemeralParam", None),
    ("context_edit", "ContextManagementConfigParam", "edits"),
    ("thread", "MessageThreadParam", None),
    ("event", "RawMessageStreamEvent", None),
    ("delta", "RawContentBlockDelta", None),
    ("message_delta", "RawMessageDeltaEvent", "delta"),
    ("answer", "Message", None),
    ("answer_block", "ContentBlock", None),
    ("usage", "Usage", None),
    ("usage", "MessageDeltaUsage", None),
    ("stop_reason", "Message", "stop_reason"),
    ("error", "ErrorResponse", "error"),
    ("model", "ModelInfo", None),
]


def names():
    """All names of the stable and of the beta API, sorted."""
    found = set()
    for prefix, path, field in PARTS:
        hints = [hint for hint in (stable(path), beta(path)) if hint is not None]
        if not hints:
            raise LookupError(f"the package has no {path}")
        for hint in hints:
            for meant in [hint] if field is None else field_hints(hint, field):
                add(found, prefix, meant)
    return sorted(found)


def stable(path):
    return lookup("anthropic.types", path)


def beta(path):
    module, _, name = path.rpartition(".")
    return lookup("anthropic.types.beta", path if module else f"Beta{name}")


def lookup(package, path):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(f"{package}.{module}" if module else package), name, None)


def add(found, prefix, hint):
    """Adds what a value of this type can be."""
    for member in members(hint):
        if typing.get_origin(member) is typing.Literal:
            found.update(f"{prefix}.{value}" for value in typing.get_args(member) if isinstance(value, str))
        elif (fields := fields_of(member)) is not None:
            kinds = literals(fields.get("type"))
            for path in [f"{prefix}.{kind}" for kind in kinds] or [prefix]:
                if kinds:
                    found.add(path)
                found.update(f"{path}.{name}" for name in fields if name != "type")


def field_hints(hint, field):
    return [fields[field] for member in members(hint) if (fields := fields_of(member)) and field in fields]


def members(hint):
    """The types that a value can have, without what says how many there are and whether it may be missing."""
    origin = typing.get_origin(hint)
    if isinstance(hint, typing_extensions.TypeAliasType):
        yield from members(hint.__value__)
    elif origin in (typing_extensions.Annotated, typing_extensions.Required, typing_extensions.NotRequired):
        yield from members(typing.get_args(hint)[0])
    elif origin in (typing.Union, python_types.UnionType, list, collections.abc.Iterable, collections.abc.Sequence):
        for argument in typing.get_args(hint):
            yield from members(argument)
    else:
        yield hint


def fields_of(hint):
    """The fields of a dictionary or a model; None for anything else."""
    if typing_extensions.is_typeddict(hint):
        return typing_extensions.get_type_hints(hint, include_extras=True)
    if isinstance(hint, type) and issubclass(hint, pydantic.BaseModel):
        return {field.alias or name: field.annotation for name, field in hint.model_fields.items()}
    return None


def literals(hint):
    if hint is None:
        return []
    return [
        value
        for member in members(hint)
        if typing.get_origin(member) is typing.Literal
        for value in typing.get_args(member)
    ]

# SPDX-License-Identifier: Apache-2.0
"""Writes a model file in the shape of Qwen2 that llama.cpp can serve: one layer, 64 numbers wide, 1.6 MB.

    tiny_model.py TEMPLATE FILE     TEMPLATE is `hermes` (calls as JSON) or `xml` (calls as XML, thinks first)

Nothing is trained. What the model says is written into its weights, so that a test knows it beforehand. The next token
depends on two things: on the last token, and on which control token its attention finds in the prompt.

    <|nothing|>   the answer ends before it begins
    <|long|>      the answer never ends
    <|call|>      one call of a tool (of Bash, if there is one)
    <|calls|>     calls without an end
    anything else, and after a tool's result: a short sentence

Where a grammar is in force (a call, a JSON schema) it leaves the model few tokens; of these the model takes what ends the
text soonest.
"""

import pathlib
import sys

import gguf
import numpy

WIDTH = 64
HEADS = 2
HEAD = WIDTH // HEADS
CONTEXT = 1 << 18

# Which pieces of text become one token, in their order. Learned from the documentation of this project, so that English
# and code take about as many tokens as with a real vocabulary.
MERGES = pathlib.Path(__file__).with_name("merges.txt").read_text(encoding="utf-8").splitlines()[1:]

CONTROL = {"<|nothing|>": 0, "<|long|>": 1, "<|call|>": 2, "<|calls|>": 3, "<tool_response>": 4, "<tool_call>": 5}
NOTHING, LONG, CALL, CALLS, RESULT, IN_CALL = range(6)
ALWAYS, ORDINARY, FIRST_STATE = 6, 7, 8
ENDING = "<|im_end|>"
SPECIAL = ["<|endoftext|>", "<|im_start|>", ENDING, "<think>", "</think>", "</tool_call>", "</tool_response>", *CONTROL]
# Tokens of their own, so that a value and the XML around it can end in one step.
CLOSING = ["\n</parameter>", "</function>"]


def byte_characters():
    """The printable character that stands for each byte in this kind of vocabulary."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}


class Vocabulary:
    def __init__(self, said):
        characters = byte_characters()
        self.encode = lambda text: "".join(characters[byte] for byte in text.encode())
        self.tokens, self.types, self.numbers = [], [], {}
        for byte in range(256):
            self.add(characters[byte], gguf.TokenType.NORMAL)
        for merge in MERGES:
            self.add(merge.replace(" ", ""), gguf.TokenType.NORMAL)
        for text in said:
            self.add(self.encode(text), gguf.TokenType.NORMAL)
        for text in CLOSING:
            self.add(text, gguf.TokenType.USER_DEFINED)
        for text in SPECIAL:
            self.add(text, gguf.TokenType.CONTROL)

    def add(self, token, kind):
        if token not in self.numbers:
            self.numbers[token] = len(self.tokens)
            self.tokens.append(token)
            self.types.append(kind)

    def number(self, text):
        return self.numbers[text if text in self.numbers and len(text) > 1 else self.encode(text)]


def script(template):
    """What is said: (token, token after it) in the order of preference, with its weight; and what the control tokens,
    whose weights are added, make more or less likely."""
    answer_begins = ["\n", "\n\n"] if template == "hermes" else ["\n\n"]
    sentences = [["Hello", " from", " the", " tiny", " model", ".", ENDING], ["Done", " with", " it", "."]]
    after, when = [], []
    for sentence in sentences:
        after += [(token, following, 1.0) for token, following in zip(sentence, sentence[1:])]
    after += [(" long", " long", 1.0), ("</tool_call>", ENDING, 1.0), ("</tool_call>", "<tool_call>", 0.15)]
    after.append(("<tool_call>", "\n", 1.0))
    # A sentence that must not end, because a call is demanded.
    after.append((".", "<tool_call>", 0.5))
    for begin in answer_begins:
        after.append((begin, "Hello", 1.0))
        after += [(begin, token, 0.5) for token in (ENDING, " long", "<tool_call>", "Done")]
    when += [(NOTHING, ENDING, 0.8), (LONG, " long", 0.8), (CALL, "<tool_call>", 0.8), (CALLS, "<tool_call>", 0.95)]
    when += [(RESULT, "Done", 0.8)]
    if template == "hermes":
        after += [('"', "echo", 1.0), ("echo", " hi", 1.0), (" hi", '"', 1.0), ('"', "Bash", 0.8)]
    else:
        thought = ["\n", "Hmm", ",", "</think>", "\n\n"]
        after += [(token, following, 1.0) for token, following in zip(thought, thought[1:])]
        # The line break before a value is the one before a thought, too.
        after += [("\n", "echo", 0.5), ("echo", " hi", 1.0), (" hi", CLOSING[0], 1.0), ("=", "Bash", 0.8)]
        after += [(">", "\n", 1.0), (CLOSING[0], "\n", 1.0)]
        when += [(IN_CALL, "echo", 0.8), (RESULT, "echo", -0.8)]
    whatever = {"</function>": 0.35, "}": 0.3, "</tool_call>": 0.3, "]": 0.28, CLOSING[0]: 0.25, '"': 0.2, ":": 0.2}
    whatever |= {",": 0.1, "0": 0.1}
    return after, when, whatever


def tensors(vocabulary, template):
    after, when, whatever = script(template)
    size = len(vocabulary.tokens)
    embedding = numpy.zeros((size, WIDTH), numpy.float32)
    embedding[:, ORDINARY] = 1
    state = {}
    for token, _, _ in after:
        state.setdefault(token, FIRST_STATE + len(state))
    assert FIRST_STATE + len(state) <= WIDTH
    for token in state.keys() | CONTROL.keys():
        dimensions = [dimension for dimension in (state.get(token), CONTROL.get(token)) if dimension is not None]
        embedding[vocabulary.number(token)] = numpy.eye(WIDTH)[dimensions].sum(0)

    output = numpy.zeros((size, WIDTH), numpy.float32)
    output[:, ALWAYS] = numpy.random.default_rng(1).uniform(-0.3, 0, size)
    for token, preference in ({following: 0.0 for _, following, _ in after} | whatever).items():
        output[vocabulary.number(token), ALWAYS] = preference
    output[vocabulary.number(ENDING), ORDINARY] = 0.5
    for token, following, weight in after:
        output[vocabulary.number(following), state[token]] += weight
    for control, token, weight in when:
        output[vocabulary.number(token), control] += weight

    # The first head finds the control tokens of the prompt, the second one <tool_call>. The pair of dimensions that the
    # position turns slowest holds the key, as good as independent of the position.
    key = HEAD // 2 - 1
    queries, keys, values, found = (numpy.zeros((WIDTH, WIDTH), numpy.float32) for _ in range(4))
    query_bias, value_bias = (numpy.zeros(WIDTH, numpy.float32) for _ in range(2))
    # A tool's result outdoes what the prompt asks.
    for control, strength in {NOTHING: 18, LONG: 18, CALL: 18, CALLS: 18, RESULT: 30, IN_CALL: 18}.items():
        head = HEAD if control == IN_CALL else 0
        # What the norm before the attention leaves of the control token's own dimension.
        seen = (WIDTH / (2 if control == IN_CALL else 1)) ** 0.5
        keys[head + key, control] = strength / seen
        values[head + control, control] = 1 / seen
        found[control, head + control] = 1
    query_bias[[key, HEAD + key]] = HEAD**0.5
    value_bias[ALWAYS] = 1
    found[ALWAYS, ALWAYS] = 1

    ones, nothing = numpy.ones(WIDTH, numpy.float32), numpy.zeros((WIDTH, WIDTH), numpy.float32)
    yield "token_embd.weight", embedding
    yield "output_norm.weight", ones
    # The scores lie so far apart that the temperature of a request does not matter.
    yield "output.weight", output * 40
    layer = {"attn_norm.weight": ones, "ffn_norm.weight": ones, "attn_q.weight": queries, "attn_q.bias": query_bias}
    layer |= {"attn_k.weight": keys, "attn_k.bias": 0 * query_bias, "attn_v.weight": values, "attn_v.bias": value_bias}
    layer |= {"attn_output.weight": found} | {f"ffn_{name}.weight": nothing for name in ("gate", "up", "down")}
    for name, tensor in layer.items():
        yield f"blk.0.{name}", tensor


def write(template, path):
    after, _, _ = script(template)
    said = [token for pair in after for token in pair[:2] if token not in SPECIAL + CLOSING]
    vocabulary = Vocabulary(said)
    file = gguf.GGUFWriter(path, "qwen2")
    file.add_name(f"tiny-{template}")
    file.add_context_length(CONTEXT)
    file.add_embedding_length(WIDTH)
    file.add_block_count(1)
    file.add_feed_forward_length(WIDTH)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_rope_freq_base(1e9)
    file.add_layer_norm_rms_eps(1e-6)
    file.add_tokenizer_model("gpt2")
    file.add_tokenizer_pre("qwen2")
    file.add_token_list(vocabulary.tokens)
    file.add_token_types(vocabulary.types)
    file.add_token_merges(MERGES)
    file.add_eos_token_id(vocabulary.number(ENDING))
    file.add_pad_token_id(vocabulary.number("<|endoftext|>"))
    file.add_add_bos_token(False)
    file.add_chat_template((pathlib.Path(__file__).parent / "templates" / f"{template}.jinja").read_text(encoding="utf-8"))
    for name, tensor in tensors(vocabulary, template):
        file.add_tensor(name, tensor)
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2])

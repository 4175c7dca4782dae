# SPDX-License-Identifier: Apache-2.0
"""Texts of many kinds, and conversations, with the number of tokens that Qwen's published vocabulary makes of them.

    qwen_tokens.py texts            one JSON object a line: {"corpus", "text", "tokens"}
    qwen_tokens.py conversations    one JSON array a line: the requests of a conversation, {"body", "tokens"} each

The vocabulary is in the package `dashscope`. Texts are made here or taken from what every installation of Python has; the
same seed makes the same texts.
"""

import ast
import base64
import difflib
import importlib.metadata
import importlib.resources
import json
import pathlib
import random
import re
import sys
import sysconfig

import tiktoken

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

HAN = """
这个服务在本机运行，把一种接口翻译成另一种接口。客户端不需要知道后面是哪个模型，只要按照原来的方式发送请求就可以了。
如果上游返回错误，程序会先判断错误的种类，再决定是重试、换一个地址，还是直接告诉用户原因。
昨天晚上的部署失败了，原因是配置文件里少了一个逗号。请检查日志的最后五十行，然后把问题修好并补上一个测试。
缓存命中率从百分之六十提高到百分之九十二，平均响应时间缩短了三百毫秒，但是内存占用也增加了大约一倍。
函数接收两个参数：第一个是文件的路径，第二个是最多读取的行数。返回值是一个字符串数组，读取失败时抛出异常。
春天来了，河边的柳树发出了嫩绿的新芽，孩子们在草地上放风筝，老人们坐在长椅上聊天晒太阳。
根据最新的统计数据，该城市去年的人口增长了百分之二点三，其中大部分来自周边的县和乡镇。
数据库连接池的默认大小为十，如果并发请求超过这个数字，后面的请求就要排队等待，直到有连接被释放。
我们建议先阅读安装说明，再运行初始化脚本。脚本会创建必要的目录，生成密钥，并把默认设置写入用户的主目录。
为什么同样的代码在测试环境里没有问题，到了生产环境就会偶尔出现超时？可能是网络延迟，也可能是线程之间的竞争。
请用中文回答，并且把修改过的文件列成一个表格，说明每一处改动的理由。不要改动与任务无关的代码。
北京的冬天干燥而寒冷，上海则潮湿阴冷；广州四季温暖，哈尔滨却常常在零下二十度以下。
线程甲持有锁，线程乙等待锁，而线程甲又在等待线程乙的结果，于是两个线程永远停在那里，这就是死锁。
小王打开窗户，听见远处传来火车的汽笛声，忽然想起很多年以前第一次离开家乡的那个早晨。
接口文档规定，时间戳必须使用协调世界时，精确到毫秒；金额以分为单位，用整数表示，避免浮点误差。
""".split()


class Vocabulary:
    def __init__(self):
        text = importlib.resources.files("dashscope").joinpath("resources/qwen.tiktoken").read_bytes()
        ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in text.splitlines() if line)}
        self.encoding = tiktoken.Encoding("qwen", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})

    def count(self, text):
        return len(self.encoding.encode_ordinary(text))


def pieces(text, length=5000):
    cut = [text[start : start + length] for start in range(0, len(text), length)]
    return [piece for piece in cut if len(piece) > 500]


def modules():
    stdlib = pathlib.Path(sysconfig.get_paths()["stdlib"])
    files = sorted(stdlib.glob("*.py")) + sorted(stdlib.glob("asyncio/*.py")) + sorted(stdlib.glob("email/*.py"))
    return [file.read_text(encoding="utf-8", errors="replace") for file in files if file.stat().st_size > 4000]


def docstrings(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return "\n\n".join(filter(None, (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, kinds))))


def descriptions():
    """The READMEs of the installed packages, which are Markdown."""
    found = []
    for distribution in sorted(importlib.metadata.distributions(), key=lambda one: one.metadata["Name"].lower()):
        if "markdown" in (distribution.metadata.get("Description-Content-Type") or ""):
            found.append(distribution.metadata.get_payload() or distribution.metadata.get("Description") or "")
    return [text for text in found if len(text) > 1000]


class Maker:
    """Makes texts of words that real ones are made of."""

    def __init__(self, sources, seed):
        self.random = random.Random(seed)
        self.words = re.findall(r"\b[a-z]{3,9}\b", "\n".join(docstrings(source) for source in sources))
        self.names = [name for name in re.findall(r"\b[a-z_]{4,18}\b", "\n".join(sources)) if name.strip("_")]

    def word(self):
        return self.random.choice(self.words)

    def phrase(self, least, most):
        return " ".join(self.word() for _ in range(self.random.randint(least, most)))

    def camel(self):
        first, *rest = self.random.choice(self.names).strip("_").split("_")
        return first + "".join(part.capitalize() for part in rest)

    def table(self):
        columns = self.random.randint(3, 6)
        rows = [[self.phrase(1, 3) for _ in range(columns)] for _ in range(self.random.randint(12, 40))]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines.insert(1, "|" + "|".join("-" * self.random.choice([3, 3, 8, 12]) for _ in range(columns)) + "|")
        return "## " + self.phrase(2, 5).capitalize() + "\n\n" + "\n".join(lines) + "\n"

    def go(self):
        lines = ["package " + self.word(), "", "import (", '\t"context"', '\t"fmt"', ")", ""]
        for _ in range(self.random.randint(6, 14)):
            kind, method = self.camel().capitalize(), self.camel()
            value, field, other = self.camel(), self.camel(), self.word()
            lines += [
                f"// {method} reports whether the {self.phrase(3, 9)}.",
                f"func (s *{kind}) {method}(ctx context.Context, {value} string) (int, error) {{",
                f"\tif {value} == \"\" {{",
                f'\t\treturn 0, fmt.Errorf("{self.phrase(2, 5)}: %w", err)',
                "\t}",
                f"\tfor i, {other} := range s.{field} {{",
                f"\t\tif {other}.{self.camel()} > {self.random.randint(0, 512)} && !{other}.done {{",
                f"\t\t\ts.{self.camel()}[i] = {other}",
                "\t\t\tcontinue",
                "\t\t}",
                "\t}",
                f"\treturn len(s.{field}), nil",
                "}",
                "",
            ]
        return "\n".join(lines)

    def log(self, lines):
        return "\n".join(self.log_line(self.random.randrange(4)) for _ in range(lines))

    def log_line(self, kind):
        pick = self.random.randint
        clock = f"{pick(0, 23):02}:{pick(0, 59):02}:{pick(0, 59):02}"
        return (
            f"Nov {pick(1, 28):2} {clock} host-{pick(1, 9)} {self.word()}[{pick(100, 99999)}]: {self.phrase(3, 10)}",
            f"2026-11-{pick(1, 28):02}T{clock}.{pick(0, 999):03}Z INFO {self.word()}.{self.word()}: {self.phrase(3, 7)} took={pick(1, 9999)}ms",
            f'10.0.{pick(0, 255)}.{pick(0, 255)} - - [26/Nov/2026:{clock} +0000] "GET /{self.word()}/{self.word()} HTTP/1.1" {self.random.choice([200, 304, 404])} {pick(10, 99999)}',
            f"[{pick(0, 9999)}.{pick(0, 999999):06}] {self.word()}: {self.phrase(2, 6)} at 0x{self.random.getrandbits(48):012x}",
        )[kind]

    def value(self, depth=0):
        if depth > 2 or self.random.random() < 0.3:
            return self.random.choice([self.phrase(1, 6), self.random.randint(0, 99999), True, None, self.camel()])
        if self.random.random() < 0.4:
            return [self.value(depth + 1) for _ in range(self.random.randint(1, 5))]
        return {self.random.choice(self.names): self.value(depth + 1) for _ in range(self.random.randint(2, 7))}

    def json(self):
        value = [self.value() for _ in range(self.random.randint(8, 20))]
        return self.random.choice([json.dumps(value, indent=2), json.dumps(value, separators=(",", ":")), json.dumps(value)])

    def diff(self, source):
        before = source.splitlines(keepends=True)
        after = list(before)
        for _ in range(12):
            line = self.random.randrange(len(after))
            indent = re.match(r" *", after[line])[0]
            after[line : line + self.random.randint(0, 2)] = [f"{indent}{self.camel()} = {self.camel()}({self.word()})\n"]
        name = self.word() + ".py"
        return "".join(difflib.unified_diff(before, after, "a/" + name, "b/" + name))

    def encoded(self):
        text = base64.b64encode(self.random.randbytes(self.random.randint(600, 4000))).decode()
        return "\n".join(re.findall(".{1,76}", text)) if self.random.random() < 0.5 else text

    def han(self):
        return "\n".join(self.random.sample(HAN, self.random.randint(4, 10)))


def numbered(text, first=1):
    return "\n".join(f"{number:6}\t{line}" for number, line in enumerate(text.splitlines(), first))


def corpora():
    sources = modules()
    maker = Maker(sources, seed=1)
    python = [piece for source in sources[::3] for piece in pieces(source[:15000])]
    prose = [piece for source in sources for piece in pieces(docstrings(source), 4000)]
    markdown = [piece for text in descriptions() for piece in pieces(text[:20000])]
    return {
        "prose": prose[:60],
        "markdown": markdown[:60] + [maker.table() for _ in range(15)],
        "python": python[:60],
        "go": [maker.go() for _ in range(40)],
        "read": [numbered(text, maker.random.choice([1, 1, 120, 2000])) for text in python[:30] + [maker.go() for _ in range(20)]],
        "json": [maker.json() for _ in range(50)],
        "han": [maker.han() for _ in range(40)],
        "logs": [maker.log(50) for _ in range(40)],
        "diffs": [maker.diff(source) for source in sources[:60]],
        "base64": [maker.encoded() for _ in range(40)],
    }


def message(role, *content):
    return {"role": role, "content": list(content)}


def text(words):
    return {"type": "text", "text": words}


def rendered(body):
    """A request as a chat template of Qwen's shows it to the model."""
    parts = [body["system"]]
    if body["tools"]:
        parts.append("\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n<tools>")
        parts += ["\n" + json.dumps({"type": "function", "function": tool}, ensure_ascii=False) for tool in body["tools"]]
        parts.append("\n</tools>\n\nFor each call return an object with its name and arguments inside <tool_call></tool_call>.")
    turns = [("system", "".join(parts))]
    for one in body["messages"]:
        for block in one["content"]:
            if block["type"] == "text":
                turns.append((one["role"], block["text"]))
            elif block["type"] == "tool_use":
                call = json.dumps({"name": block["name"], "arguments": block["input"]}, ensure_ascii=False)
                turns.append(("assistant", f"<tool_call>\n{call}\n</tool_call>"))
            else:
                turns.append(("user", f"<tool_response>\n{block['content']}\n</tool_response>"))
    return turns


def conversations():
    sources = modules()
    vocabulary = Vocabulary()
    texts = corpora()
    results = [one for name in ("read", "logs", "diffs", "json", "go", "han", "markdown") for one in texts[name][:15]]
    for seed in range(8):
        maker = Maker(sources, seed=100 + seed)
        tools = [
            {
                "name": maker.camel(), "description": maker.phrase(20, 120).capitalize() + ".",
                "input_schema": {
                    "type": "object", "required": ["path"],
                    "properties": {
                        "path": {"type": "string", "description": maker.phrase(4, 20)},
                        maker.word(): {"type": "integer", "description": maker.phrase(4, 20)},
                    },
                },
            }
            for _ in range(12)
        ]
        body = {"model": "qwen3-coder-plus", "max_tokens": 32000, "system": maker.phrase(900, 2500), "tools": tools, "messages": []}
        body["messages"].append(message("user", text(maker.phrase(10, 80))))
        requests = []
        for turn in range(14):
            count = sum(vocabulary.count(words) + 5 for _, words in rendered(body)) + 3
            requests.append({"body": json.dumps(body, ensure_ascii=turn % 2 == 0), "tokens": count})
            call = {"type": "tool_use", "id": f"toolu_{seed}_{turn}", "name": "Read", "input": {"file_path": "/" + "/".join(maker.word() for _ in range(4))}}
            body["messages"].append(message("assistant", text(maker.phrase(5, 60)), call))
            result = {"type": "tool_result", "tool_use_id": call["id"], "content": maker.random.choice(results)}
            body["messages"].append(message("user", result))
            if turn % 4 == 3:
                body["messages"][-1]["content"].append(text(maker.phrase(5, 30)))
        print(json.dumps(requests))


def main():
    if sys.argv[1:] == ["conversations"]:
        return conversations()
    vocabulary = Vocabulary()
    for corpus, texts in corpora().items():
        for one in texts:
            if one:
                print(json.dumps({"corpus": corpus, "text": one, "tokens": vocabulary.count(one)}))


if __name__ == "__main__":
    main()

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Configuration

@Suite struct SettingsFuzzTests {
    let scratch = Scratch()

    @Test func `a file is read or refused with a reason, whatever stands in it`() async throws {
        var fuzzing = Fuzzing(
            "settings",
            seeds: [
                "[server]\nport = 1\nhost = \"127.0.0.2\"\nmax_body_bytes = \"32 MiB\"\nallowed_users = [\"@a\", \"b\"]\n",
                "[timeouts]\nfirst_byte = \"1.5m\"\nstall = 30\n[retry]\nmax_retries = 2\ndelay = \"50ms\"\n",
                "[upstream]\nbase_url = \"http://127.0.0.1:1/v1\"\nmodel = \"m\"\nfallbacks = [\"b/c\"]\n",
                "[upstreams.b]\nbase_url = \"openrouter\"\nheaders = { \"X-A\" = \"b\" }\nrequests_per_minute = 60\n",
                "[[routes]]\nmodel = \"claude-*\"\nto = \"b/c\"\n[routes.parameters]\ntop_p = 0.5\nmax_tokens = 7\n",
                "[models.\"qwen*\"]\ncontext_window = 8192\nvision = true\n",
                "a = [\n  1979-05-27T07:32:00Z, # x\n 1979-05-27 07:32:00, [ 'a', { x.y = [1, 2] } ],\n]\n",
                "a = '''x\ny'''\nb = \"\"\"x\\\n  y\\u00e9\"\"\"\nc = 0xdead_beef\nd = -inf\n1979-05-27t = 1\n",
            ],
            vocabulary: [
                "=", "\"", "[", "]", "[[", "]]", ".", "#", "\n", "-1", "9223372036854775807", "9223372036854775808",
                "1e308", "nan", "-inf", "1979-05-27T07:32:00Z", "\"999999999999999999h\"", "\"-5 MiB\"", "'''",
                "\\u0000", "\"\"\"", "\\U0010ffff", "\\", "'", "{", "}", ",", " ", "\r\n", "\r", "\u{b}",
                "{}", "true", "0x7fffffffffffffff", "a = 1\n", "a = [", "0b", "0o", "_", "+", "inf", "T", "Z", ":",
                "1979-05-27", "1979-05-27 0", "1979-05-27T", "07:32:00", "\u{feff}", "é", "\u{2028}", "\u{a0}", "[!",
            ])
        try await fuzzing.run { input in
            let mistakes = try self.scratch.mistakes(String(decoding: input, as: UTF8.self))
            let withoutLine = mistakes.filter { mistake in
                let place = mistake.trimmingPrefix("~/config.toml:")
                return mistake.contains("not valid TOML") && place.first?.isNumber != true
            }
            #expect(withoutLine == [] && mistakes.allSatisfy { $0.contains(": ") })
        }
    }
}

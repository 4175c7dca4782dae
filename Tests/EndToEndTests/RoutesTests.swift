// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite struct RoutesTests {
    @Test func `the paths beside messages answer as clients expect`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            let client = try await gateway.daemon.connect()
            for path in ["/", "/api/hello"] {
                #expect(try await client.exchange("GET", path).status == 200)
                let head = try await client.exchange("HEAD", path)
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
            }
            #expect(try await client.exchange("GET", "/healthz").status == 200)
            #expect(try await client.exchange("GET", "/readyz").status == 200)

            let models = try await client.exchange("GET", "/v1/models?limit=1000")
            let ids = (models.json["data"]?.array ?? []).compactMap { $0["id"]?.string }
            #expect(ids.contains("qwen3-coder-plus"))
            #expect(ids.contains { $0.hasPrefix("claude-") })
            #expect(models.json["has_more"] == false)
            let page = try await client.exchange("GET", "/v1/models?limit=1")
            #expect(page.json["data"]?.array?.count == 1)
            #expect(page.json["has_more"] == true)

            let unknown = try await client.exchange("GET", "/v1/nothing")
            #expect(unknown.status == 404)
            #expect(unknown.json["error"]?["type"] == "not_found_error")
            let method = try await client.exchange("GET", "/v1/messages")
            #expect(method.status == 405)
            #expect(method.header("allow") == "POST")
            #expect(method.json["type"] == "error")
            // All that over one connection.
            #expect(gateway.upstream.requests.count == 0)
        }
    }

    @Test func `tokens are counted, and more text counts more`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            func count(_ body: JSONValue) async throws -> Int {
                let reply = try await gateway.post(body, to: "/v1/messages/count_tokens?beta=true")
                #expect(reply.status == 200, "\(reply.text)")
                return reply.json["input_tokens"]?.integer ?? -1
            }
            let short = try await count(["model": "m", "messages": [["role": "user", "content": "foo"]], "tools": []])
            let words = String(repeating: "A sentence with some words. ", count: 100)
            let long = try await count(["model": "m", "messages": [["role": "user", "content": .string(words)]]])
            #expect(1...40 ~= short)
            #expect(500...900 ~= long)
            let tools = try await count([
                "model": "m", "messages": [["role": "user", "content": "foo"]], "tools": [SampleRequest.shell],
            ])
            #expect(tools > short + 10)
        }
    }

    @Test func `every answer has a request id, and the log lines of the request carry it`() async throws {
        let script: ScriptedUpstream.Script = { _ in .error(500, "An internal error has occured.") }
        try await Gateway.run(
            environment: ["QWEN_LOG_LEVEL": "debug", "QWEN_MAX_RETRIES": "0"], script: script
        ) { gateway in
            let reply = try await gateway.post(SampleRequest.plain())
            let id = try #require(reply.header("request-id"))
            #expect(reply.json["request_id"]?.string == id)
            let other = try await gateway.daemon.connect().exchange("GET", "/healthz")
            #expect(other.header("request-id") != nil && other.header("request-id") != id)
            let outcome = try await gateway.daemon.stop()
            #expect(outcome.errorOutput.contains(id))
        }
    }

    @Test func `a local key is asked for when one is set`() async throws {
        try await Gateway.run(
            environment: ["QWEN_LOCAL_API_KEY": "local-key-1"], script: Gateway.script(ModelTurn("Hi"))
        ) { gateway in
            let keys = [
                ["x-api-key": "another"], ["x-api-key": "local-key-1"],
                ["x-api-key": "", "authorization": "Bearer local-key-1"],
            ]
            var statuses: [Int] = []
            for headers in keys {
                statuses.append(try await gateway.post(SampleRequest.plain(), headers: headers).status)
            }
            #expect(statuses == [401, 200, 200])
        }
    }

    @Test func `a web page cannot use the gateway through the user's browser`() async throws {
        try await Gateway.answering(ModelTurn("Hi")) { gateway in
            for headers in [["host": "evil.example"], ["origin": "https://evil.example"]] {
                let reply = try await gateway.post(SampleRequest.plain(), headers: headers)
                #expect(reply.status == 403)
                #expect(reply.json["error"]?["type"] == "permission_error")
            }
            #expect(gateway.upstream.requests.count == 0)
        }
    }

    @Test func `without an upstream the demo says that it is one and calls a tool`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let client = try await daemon.connect()
            let reply = try await client.post("/v1/messages", SampleRequest.plain())
            let events = EventStreamChecker.check(reply.body)
            #expect(events.problems == [])
            #expect(events.text.lowercased().contains("demo"))
            let call = EventStreamChecker.check(
                try await client.post("/v1/messages", SampleRequest.withTools("Use a tool.")).body)
            #expect(call.problems == [])
            #expect(call.toolUses.map(\.name) == ["Bash"])
            #expect(try await daemon.stop().status == 0)
        }
    }
}

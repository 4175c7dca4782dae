// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// What the log says about requests at its usual level.
@Suite struct RequestLogTests {
    private static let request: JSONValue = [
        "model": "claude-sonnet-5-5", "max_tokens": 9, "messages": [["role": "user", "content": "hi"]],
    ]

    @Test func `an answered request has one line with what a person looks for`() async throws {
        try await Gateway.answering(ModelTurn("hello")) { gateway in
            _ = try await gateway.post(Self.request)
            _ = try await gateway.daemon.stop()
            let lines = gateway.daemon.log.split(separator: "\n").filter { $0.contains("Request completed") }
            let line = try #require(lines.count == 1 ? lines.first : nil)
            #expect(line.contains(" info "))
            for field in [
                "request.model=claude-sonnet-5-5", "request.id=req_", "request.duration=", "request.first-byte=",
                "response.status=200", "upstream.name=default", "usage.input=", "usage.cached=", "usage.output=",
            ] {
                #expect(line.contains(" \(field)"), "\(field)")
            }
            #expect(!line.contains("interventions") && !line.contains("attempts"))
            // Milliseconds or microseconds, and nothing finer.
            #expect(line.firstMatch(of: /duration="[0-9]+\.[0-9]{1,6} seconds"/) != nil)
        }
    }

    @Test func `what the client says about a request is in its line, in the status and in its way`() async throws {
        let home = try TemporaryDirectory("d")
        try home.configure("[[routes]]\nclass = \"subagent\"\nagent = \"Explore\"\nto = \"small-model\"\n")
        try await Gateway.alone {
            let upstream = try await ScriptedUpstream.start(Gateway.script(ModelTurn("hello")))
            let daemon = try await DaemonProcess.start(upstream: upstream, home: home)
            let explorer = [
                "x-claude-code-request-class": "subagent", "x-claude-code-agent-type": "Explore",
                "x-claude-code-session-id": "session-1", "x-claude-code-agent-id": "agent-1",
            ]
            let client = try await daemon.connect()
            for headers in [explorer, ["x-claude-code-session-id": "session-1"], [:]] {
                _ = try await client.post("/v1/messages", Self.request, headers: headers)
            }
            let status = try await daemon.control("status", "--json")
            let report = try JSONDecoder().decode(DaemonStatus.self, from: Data(status.output.utf8))
            #expect(report.requestClasses == [.init(name: "main", count: 1), .init(name: "subagent", count: 1)])
            try await daemon.stop()
            await upstream.stop()
            #expect(
                upstream.requests.entries.map { $0.json["model"]?.string == "small-model" } == [true, false, false])
            let lines = daemon.log.split(separator: "\n").filter { $0.contains("Request completed") }
            try #require(lines.count == 3)
            for field in ["request.class=subagent", "agent.type=Explore", "session.id=session-1", "agent.id=agent-1"] {
                #expect(lines[0].contains(" \(field)"), "\(field)")
            }
            #expect(lines[1].contains(" request.class=main"))
            #expect(!lines[2].contains("request.class") && !lines[2].contains("session.id"))
        }
    }

    @Test func `a failed request tells its model`() async throws {
        let environment = ["QWEN_BASE_URL": "http://127.0.0.1:9/v1", "QWEN_API_KEY": "sk-x", "QWEN_MAX_RETRIES": "0"]
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start(environment: environment)
            _ = try await daemon.connect().post("/v1/messages", Self.request)
            try await daemon.stop()
            let line = try #require(daemon.log.split(separator: "\n").first { $0.contains("Request failed") })
            #expect(line.contains(" request.model=claude-sonnet-5-5"))
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (600, 3)])
    func `a setting bounds the lines, and the rest is counted`(limit: Int, lines: Int) async throws {
        let environment = ["QWEN_LOG_REQUESTS_PER_MINUTE": "\(limit)"]
        try await Gateway.answering(ModelTurn("hello"), environment: environment) { gateway in
            for _ in 0..<3 { _ = try await gateway.post(Self.request) }
            _ = try await gateway.daemon.stop()
            #expect(gateway.daemon.log.components(separatedBy: "Request completed").count == lines + 1)
            #expect(gateway.daemon.log.contains("requests.omitted=2") == (limit == 1))
        }
    }
}

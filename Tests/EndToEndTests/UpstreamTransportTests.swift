// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What lies between the daemon and an upstream: proxies, redirects, compression, servers of another kind.
@Suite struct UpstreamTransportTests {
    private static func always(_ reply: ScriptedReply) -> ScriptedUpstream.Script { { _ in reply } }

    @Test func `a model on this machine is asked directly, whatever the proxy variables say`() async throws {
        let deadProxy = ["http_proxy": "http://user:secret@127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"]
        try await Gateway.answering(ModelTurn("Hi"), environment: deadProxy) { gateway in
            let events = try await gateway.stream(SampleRequest.plain())
            #expect(events.text == "Hi")
        }
        try await Gateway.alone {
            let demo = try await DaemonProcess.start(environment: deadProxy)
            let reply = try await demo.connect().post("/v1/messages", SampleRequest.plain(stream: false))
            #expect(reply.status == 200, "\(reply.text)")
            try await demo.stop()
        }
    }

    @Test func `a proxy that gives no connection is named without its password`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start(environment: [
                "https_proxy": "http://user:hush@127.0.0.1:1", "QWEN_BASE_URL": "https://far.invalid/v1",
                "QWEN_API_KEY": Gateway.secret, "QWEN_MAX_RETRIES": "0",
            ])
            let reply = try await daemon.connect().post("/v1/messages", SampleRequest.plain())
            #expect(reply.status == 502)
            #expect(reply.text.contains("127.0.0.1:1") && reply.text.contains("no_proxy"), "\(reply.text)")
            #expect(!reply.text.contains("hush"))
            let outcome = try await daemon.stop()
            #expect(!outcome.errorOutput.contains("hush"))
        }
    }

    @Test(arguments: [301, 302, 307, 308], [true, false])
    func `a redirect is asked once and explained`(status: Int, isStreaming: Bool) async throws {
        let reply = ScriptedReply.body(
            status, "text/html", [], headers: ["location": "https://llm.example/v1/chat/completions?token=hush"])
        try await Gateway.run(script: Self.always(reply)) { gateway in
            let answer = try await gateway.post(SampleRequest.plain(stream: isStreaming))
            #expect(answer.status == 502)
            #expect(answer.header("x-should-retry") == "false")
            let message = answer.json["error"]?["message"]?.string ?? ""
            #expect(message.contains("https://llm.example/v1/chat/completions (status \(status))"), "\(message)")
            #expect(message.contains("set QWEN_BASE_URL (upstream.base_url) to https://llm.example/v1."), "\(message)")
            #expect(!message.contains("hush"))
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test(arguments: [true, false])
    func `a compressed answer that was not asked for is read, and an error likewise`(isStreaming: Bool) async throws {
        let script: ScriptedUpstream.Script = { request in
            let isWanted = request.header("accept-encoding") == "identity"
            let turn = ModelTurn(isWanted ? "compressed" : "asked for")
            let encoder = CompletionEncoder()
            let gzip = ["content-encoding": "gzip"]
            if request.number > 1 {
                let error: JSONValue = ["error": ["message": "No such model.", "code": "model_not_found"]]
                return .body(404, "application/json", Compressed.bytes(error.bytes), headers: gzip)
            }
            return isStreaming
                ? .body(
                    200, "text/event-stream", Compressed.bytes(encoder.writes(turn).flatMap { $0 }), headers: gzip)
                : .body(200, "application/json", Compressed.bytes(encoder.completion(turn).bytes), headers: gzip)
        }
        try await Gateway.run(script: script) { gateway in
            let reply = try await gateway.post(SampleRequest.plain(stream: isStreaming))
            let text =
                isStreaming ? EventStreamChecker.check(reply.body).text : reply.json["content"]?[0]?["text"]?.string
            #expect(reply.status == 200 && text == "compressed", "\(reply.text)")
            let error = try await gateway.post(SampleRequest.plain(stream: isStreaming))
            #expect(error.status == 404 && error.text.contains("No such model."), "\(error.text)")
        }
    }

    @Test func `a server of another kind is not taken for a mistake in the address`() async throws {
        let reply = ScriptedReply([.bytes(Array("220 mail.example ESMTP\r\n".utf8)), .close])
        try await Gateway.run(script: Self.always(reply)) { gateway in
            let answer = try await gateway.post(SampleRequest.plain())
            #expect(answer.status == 502)
            #expect(answer.text.contains("does not speak HTTP"), "\(answer.text)")
            #expect(gateway.upstream.requests.count == 1)
        }
    }

    @Test func `trailers without end cost nothing that stays`() async throws {
        let reply = ScriptedReply([
            .bytes(ScriptedReply.head(200, ["content-type": "application/json", "transfer-encoding": "chunked"])),
            .chunk(Array("{".utf8)), .bytes(Array(("0\r\n" + String(repeating: "X: 1\r\n", count: 1 << 20)).utf8)),
        ])
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: Self.always(reply)) { gateway in
            for _ in 0..<5 {
                let answer = try await gateway.post(SampleRequest.plain(stream: false))
                #expect(answer.status == 502, "\(answer.text)")
            }
            let memory = try #require(gateway.daemon.memory("VmHWM"))
            #expect(memory < 80_000, "\(memory) KB")
        }
    }
}

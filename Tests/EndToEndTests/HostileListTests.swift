// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// What a server can say of its own models to hurt the daemon, or those who read what is known of them.
@Suite struct HostileListTests {
    enum Listing: CaseIterable {
        case millionModels
        case endless
        case gzipBomb
        case deep
        case steeringNames
        case longName
        case hugeNumbers

        /// The names are what llama.cpp would say, so that every question is asked.
        var reply: ScriptedReply {
            func list(_ data: String) -> ScriptedReply {
                .body(200, "application/json", Array(#"{"object":"list","data":[\#(data)]}"#.utf8))
            }
            let head = ["content-type": "application/json", "transfer-encoding": "chunked"]
            switch self {
            case .millionModels:
                let models = String(repeating: #"{"id":"m"},"#, count: 1_000_000)
                return list(models + #"{"id":"qwen3"}"#)
            case .endless:
                let piece = String(repeating: #"{"id":"m"},"#, count: 10_000)
                return ScriptedReply([
                    .bytes(ScriptedReply.head(200, head)), .chunk(Array(#"{"data":["#.utf8)),
                    .flood(Array(piece.utf8), count: 10_000),
                ])
            case .gzipBomb:
                let body = Compressed.bytes(Array(repeating: UInt8(ascii: "["), count: 100 << 20))
                return .body(200, "application/json", body, headers: ["content-encoding": "gzip"])
            case .deep: return list(String(repeating: "[", count: 1 << 20))
            case .steeringNames:
                return list(
                    #"{"id":"qwen3","owned_by":"llamacpp","aliases":["\u001b[2J","\u202etxt"]},"#
                        + #"{"id":"\u001b]0;owned\u0007\u009b31m\u202e"},{"id":"a\nqwenproxyctl: all is well"}"#)
            case .longName: return list(#"{"id":"\#(String(repeating: "m", count: 8 << 20))"},{"id":"qwen3"}"#)
            case .hugeNumbers:
                return list(
                    #"{"id":"qwen3","max_model_len":9223372036854775807,"context_length":1e308,"#
                        + #""meta":{"n_ctx":-9223372036854775808}}"#)
            }
        }
    }

    @Test(arguments: Listing.allCases)
    func `a list of models harms neither the daemon nor the terminal that shows it`(_ listing: Listing) async throws {
        let list = listing.reply
        let script: ScriptedUpstream.Script = { request in
            switch request.target {
            case "/v1/models": list
            case "/v1/chat/completions": Gateway.script(ModelTurn("OK."))(request)
            default: .error(404, "File Not Found")
            }
        }
        let environment = ["QWEN_DISCOVER_LIMITS": "true", "QWEN_MODEL": "qwen3", "QWEN_LOG_LEVEL": "debug"]
        try await Gateway.run(environment: environment, script: script) { gateway in
            _ = try await gateway.upstream.requests.wait(for: "the question about models") { entries in
                entries.first { $0.target == "/v1/models" }
            }
            // While it is read, requests are served.
            #expect(try await gateway.stream(SampleRequest.plain()).text == "OK.")
            // Waits for the end of the question, and asks again.
            let test = try await gateway.daemon.control("upstream", "test", "--timeout", "60")
            #expect(test.status == 0, "\(test.errorOutput)")
            for command in [
                ["status"], ["status", "--json"], ["upstream", "list"], ["upstream", "list", "--json"], ["models"],
                ["doctor", "--no-request"],
            ] {
                let outcome = try await ChildProcess.run(
                    BuiltProducts.control, command, environment: gateway.daemon.environment)
                Self.expectHarmless(outcome.output + outcome.errorOutput, command)
            }
            let reply = try await gateway.daemon.connect().exchange("GET", "/v1/models")
            #expect(reply.status == 200 && reply.body.count < 64 << 10)
            // 16 MiB are read of an answer, in a buffer that grows by doubling, and a tape of what is in it.
            let peak = try #require(gateway.daemon.memory("VmHWM"))
            #expect(peak < 300 << 10, "\(peak) KB at the peak")
            Self.expectHarmless(gateway.daemon.log, ["the log"])
        }
    }

    @Test func `a list of models that is elsewhere is not asked for there, and the key stays`() async throws {
        let other = try await ScriptedUpstream.start { _ in .error(404, "nobody") }
        let location = other.baseURL + "/models"
        for target in [location, "file:///etc/passwd", "http://127.0.0.1:22/"] {
            let script: ScriptedUpstream.Script = { request in
                request.target == "/v1/models"
                    ? .json(302, [:], headers: ["location": target]) : Gateway.script(ModelTurn("OK."))(request)
            }
            let environment = ["QWEN_DISCOVER_LIMITS": "true", "QWEN_MODEL": "qwen3"]
            try await Gateway.run(environment: environment, script: script) { gateway in
                let test = try await gateway.daemon.control("upstream", "test")
                #expect(test.status == 0, "\(test.errorOutput)")
                #expect(gateway.upstream.requests.entries.contains { $0.target == "/v1/models" })
            }
        }
        #expect(other.connections.count == 0)
        await other.stop()
    }

    private static func expectHarmless(_ output: String, _ place: [String]) {
        let steering = output.unicodeScalars.filter { $0.steersDisplay && $0 != "\n" && $0 != "\t" }
        #expect(steering.isEmpty, "\(place): \(steering.map(\.value))")
        #expect(!output.contains("\nqwenproxyctl: all is well"), "\(place)")
    }
}

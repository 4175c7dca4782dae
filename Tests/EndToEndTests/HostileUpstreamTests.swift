// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// What an upstream can send to hurt the daemon. After each attack the daemon serves as before, and what the attack made it
/// hold has been given back. Others of the kind: token counts in `AnswerEndTests`, trailers, redirects and servers of another
/// kind in `UpstreamTransportTests`, interim and slow heads in `UpstreamClientLimitsTests`.
@Suite struct HostileUpstreamTests {
    enum Attack: CaseIterable {
        case endlessText
        case endlessEventWithoutEnd
        case endlessComments
        case endlessWholeAnswer
        case endlessErrorBody
        case endlessErrorEvents
        case endlessHead
        case interimHeads
        case brokenChunks
        case hugeChunkSize
        case hugeContentLength
        case negativeContentLength
        case hugeRetryAfter
        case bombOfAnAnswer
        case bombOfAnError
        case bombOfAnEvent

        var reply: ScriptedReply {
            let mebibyte = String(repeating: "x", count: 1 << 20)
            let plain = ["content-type": "application/json"]
            let chunked = plain.merging(["transfer-encoding": "chunked"]) { _, new in new }
            func flood(_ head: ScriptedReply.Step, _ text: String, count: Int = 24) -> ScriptedReply {
                ScriptedReply([head, .flood(Array(text.utf8), count: count), .endOfChunks])
            }
            let error = ScriptedReply.Step.bytes(ScriptedReply.head(500, chunked))
            let events = ScriptedReply.eventStreamHead
            switch self {
            case .endlessText:
                return flood(
                    events, #"data: {"choices":[{"index":0,"delta":{"content":"\#(mebibyte)"}}]}"# + "\n\n", count: 400)
            case .endlessEventWithoutEnd: return flood(events, mebibyte, count: 200)
            case .endlessComments: return flood(events, ": \(mebibyte)\n\n")
            case .endlessWholeAnswer:
                return flood(.bytes(ScriptedReply.head(200, chunked)), mebibyte, count: 200)
            case .endlessErrorBody: return flood(error, mebibyte)
            case .endlessErrorEvents:
                return flood(
                    .bytes(
                        ScriptedReply.head(
                            500, ["content-type": "text/event-stream", "transfer-encoding": "chunked"])),
                    "data: {\"error\":{\"message\":\"\(mebibyte)\"}}\n\n")
            case .endlessHead:
                return ScriptedReply([
                    .bytes(Array(("HTTP/1.1 200 OK\r\n" + String(repeating: "x: \(mebibyte)\r\n", count: 8)).utf8))
                ])
            case .interimHeads:
                return ScriptedReply([
                    .bytes(Array(String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 100_000).utf8))
                ])
            case .brokenChunks:
                return ScriptedReply([events, .bytes(Array("zz\r\ndata: 1\r\n".utf8)), .close])
            case .hugeChunkSize:
                return ScriptedReply([events, .bytes(Array("ffffffffffffffffff\r\ndata: 1\r\n".utf8)), .close])
            case .hugeContentLength:
                return ScriptedReply([
                    .bytes(ScriptedReply.head(200, ["content-length": "99999999999999999999"])), .close,
                ])
            case .negativeContentLength:
                return ScriptedReply([.bytes(ScriptedReply.head(200, ["content-length": "-1"])), .close])
            case .hugeRetryAfter:
                return .error(429, "Slow down", headers: ["retry-after": "99999999999999999999999999"])
            case .bombOfAnAnswer: return Self.bomb(200, "application/json", "{\"choices\":[\"")
            case .bombOfAnError: return Self.bomb(500, "application/json", "{\"error\":\"")
            case .bombOfAnEvent: return Self.bomb(200, "text/event-stream", "data: {\"choices\":[\"")
            }
        }

        /// A few hundred kilobytes that become as many megabytes.
        private static func bomb(_ status: Int, _ contentType: String, _ beginning: String) -> ScriptedReply {
            let body = Array(beginning.utf8) + Array(repeating: UInt8(ascii: "x"), count: 300 << 20)
            return .body(status, contentType, Compressed.bytes(body), headers: ["content-encoding": "gzip"])
        }
    }

    /// What the daemon may hold at once beside what it has when it serves, in kilobytes. Measured in a debug build that takes
    /// 48 MB to serve: 137 to 166 MB more for a text as long as the limit, 27 MB more for an event or an answer of the limit's
    /// length, and less than 4 MB for all others. What held a whole flood (of 24, 200 or 400 MB) would be found out.
    private static func mayHold(_ attack: Attack) -> Int {
        switch attack {
        // 64 MiB of content, once as it grows, once as the body of the answer, and once more while a buffer doubles; and what
        // is on its way from the transfer's thread.
        case .endlessText: 256 << 10
        // An event of 16 MiB, or as much of a body, in a buffer that grows by doubling.
        case .endlessEventWithoutEnd, .endlessWholeAnswer, .bombOfAnAnswer, .bombOfAnEvent: 160 << 10
        case .endlessComments, .endlessErrorBody, .endlessErrorEvents, .endlessHead, .interimHeads, .brokenChunks,
            .hugeChunkSize, .hugeContentLength, .negativeContentLength, .hugeRetryAfter, .bombOfAnError:
            12 << 10
        }
    }

    @Test(arguments: Attack.allCases)
    func `the daemon outlives it and holds nothing of it`(_ attack: Attack) async throws {
        let bad = attack.reply
        let script: ScriptedUpstream.Script = { request in
            let isAttack = request.json["messages"]?.array?.last?["content"] == "attack"
            return isAttack ? bad : CompletionEncoder().reply(ModelTurn("Hi"))
        }
        try await Gateway.run(environment: ["QWEN_MAX_RETRIES": "0"], script: script) { gateway in
            // What the daemon is like when it has served once is the level to return to.
            #expect(try await gateway.stream(SampleRequest.plain()).text == "Hi")
            let before = try await Self.descriptors(of: gateway.daemon)
            let level = try #require(gateway.daemon.memory("VmHWM"))
            for isStreaming in [false, true] {
                let answer = try await gateway.post(SampleRequest.plain("attack", stream: isStreaming))
                #expect(answer.status != 200 || isStreaming, "\(answer.text.prefix(300))")
            }
            let peak = try #require(gateway.daemon.memory("VmHWM"))
            #expect(peak - level < Self.mayHold(attack), "\(peak) KB at the peak, \(level) KB before")
            #expect(try await gateway.stream(SampleRequest.plain()).text == "Hi")
            // Each of the three requests since may have left a connection to the upstream, which is kept for the next one, and
            // one of a client, of whose end the daemon hears a moment later.
            let after = try await Self.descriptors(of: gateway.daemon)
            #expect(after <= before + 6, "\(after) descriptors, \(before) before")
            // Code that an attack was the first to need stays mapped: 8 MB at the most, and no flood is as small.
            let memory = try await Self.memory(of: gateway.daemon, below: level + (8 << 10))
            #expect(memory < level + (8 << 10), "\(memory) KB after, \(level) KB before")
        }
    }

    private static func descriptors(of daemon: DaemonProcess) async throws -> Int {
        let outcome = try await daemon.control("status", "--json")
        return try JSONDecoder().decode(DaemonStatus.self, from: Data(outcome.output.utf8)).connections.descriptors
    }

    /// Freed memory goes back to the system some seconds after the last request: what the daemon holds once that has
    /// happened, in kilobytes.
    private static func memory(of daemon: DaemonProcess, below level: Int) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(60)
        var memory = daemon.memory("VmRSS") ?? .max
        while memory >= level, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(200))
            memory = daemon.memory("VmRSS") ?? .max
        }
        return memory
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// What can go wrong with an upstream and its connection, one after another at one daemon. To each fault the client hears an
/// error, never an end of a message, and the next client is served. What hurts on purpose is in `HostileUpstreamTests`, odd
/// files in `HostileFilesTests`, a lack of memory and descriptors in `StarvationTests`.
@Suite struct FaultTableTests {
    enum Fault: String, CaseIterable {
        case reset, close, silence
        case closeInHead, resetInHead, silenceInHead
        case closeAfterHead, resetAfterHead, silenceAfterHead
        case closeInWholeAnswer, silenceInWholeAnswer, emptyWholeAnswer, page, cutDocument, list
        case internalError, badGateway, unavailable, tooManyRequests, errorWithoutBody, errorThatIsCut, errorThatStalls
        case errorFirst, cutCompression
        case closeAfterWords, resetAfterWords, silenceAfterWords, errorAfterWords
        case closeInEvent, silenceInEvent, badChunkAfterWords

        /// Whether the client has been told a part of the answer by then.
        var comesAfterWords: Bool {
            switch self {
            case .closeAfterWords, .resetAfterWords, .silenceAfterWords, .errorAfterWords, .closeInEvent,
                .silenceInEvent, .badChunkAfterWords:
                true
            case .reset, .close, .silence, .closeInHead, .resetInHead, .silenceInHead, .closeAfterHead,
                .resetAfterHead, .silenceAfterHead, .closeInWholeAnswer, .silenceInWholeAnswer, .emptyWholeAnswer,
                .page, .cutDocument, .list, .internalError, .badGateway, .unavailable, .tooManyRequests,
                .errorWithoutBody, .errorThatIsCut, .errorThatStalls, .errorFirst, .cutCompression:
                false
            }
        }

        var reply: ScriptedReply {
            let events = ScriptedReply.eventStreamHead
            let head = Array("HTTP/1.1 200 OK\r\ncontent-type: text/ev".utf8)
            let beginning = ScriptedReply.Step.bytes(
                ScriptedReply.head(200, ["content-type": "application/json", "content-length": "1000"])
                    + Array(#"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Wo"#.utf8))
            let cutError = ScriptedReply.Step.bytes(
                ScriptedReply.head(500, ["content-type": "application/json", "content-length": "1000"])
                    + Array(#"{"error":{"message":"Some"#.utf8))
            let words = [events, .chunk(Self.event(#"{"content":"Some words"}"#))]
            let half = words + [.chunk(Array(#"data: {"choices":[{"index":0,"delta":{"cont"#.utf8))]
            let error = ScriptedReply.Step.chunk(Array("data: {\"error\":{\"message\":\"It broke\"}}\n\n".utf8))
            return switch self {
            case .reset: ScriptedReply.reset
            case .close: ScriptedReply([.close])
            case .silence: ScriptedReply.silence
            case .closeInHead: ScriptedReply([.bytes(head), .close])
            case .resetInHead: ScriptedReply([.bytes(head), .reset])
            case .silenceInHead: ScriptedReply([.bytes(head)])
            case .closeAfterHead: ScriptedReply([events, .close])
            case .resetAfterHead: ScriptedReply([events, .reset])
            case .silenceAfterHead: ScriptedReply([events])
            case .closeInWholeAnswer: ScriptedReply([beginning, .close])
            case .silenceInWholeAnswer: ScriptedReply([beginning])
            case .emptyWholeAnswer: .body(200, "application/json", [])
            case .page: .body(200, "text/html", Array("<html><body>Please log in</body></html>".utf8))
            case .cutDocument: .body(200, "application/json", Array(#"{"choices":[{"message":{"content":"#.utf8))
            case .list: .json(200, ["object": "list", "data": []])
            case .internalError: .error(500, "Something broke")
            case .badGateway: .body(502, "text/html", Array("<html><h1>502 Bad Gateway</h1></html>".utf8))
            case .unavailable: .error(503, "Too many requests", code: "ServiceUnavailable")
            case .tooManyRequests: .error(429, "Slow down", headers: ["retry-after": "1"])
            case .errorWithoutBody: .body(500, "text/plain", [])
            case .errorThatIsCut: ScriptedReply([cutError, .close])
            case .errorThatStalls: ScriptedReply([cutError])
            case .errorFirst: ScriptedReply([events, error, .endOfChunks])
            case .cutCompression:
                .body(
                    200, "application/json", Array(Compressed.bytes(Array("{\"choices\":[]}".utf8)).dropLast(12)),
                    headers: ["content-encoding": "gzip"])
            case .closeAfterWords: ScriptedReply(words + [.close])
            case .resetAfterWords: ScriptedReply(words + [.pause(.milliseconds(100)), .reset])
            case .silenceAfterWords: ScriptedReply(words)
            case .errorAfterWords: ScriptedReply(words + [error, .endOfChunks])
            case .closeInEvent: ScriptedReply(half + [.close])
            case .silenceInEvent: ScriptedReply(half)
            case .badChunkAfterWords: ScriptedReply(words + [.bytes(Array("zz\r\n".utf8)), .close])
            }
        }

        private static func event(_ delta: String) -> [UInt8] {
            Array("data: {\"choices\":[{\"index\":0,\"delta\":\(delta),\"finish_reason\":null}]}\n\n".utf8)
        }
    }

    @Test func `the client hears of each fault, and the next one is served`() async throws {
        let environment = [
            "QWEN_MAX_RETRIES": "0", "QWEN_FIRST_BYTE_TIMEOUT": "2s", "QWEN_STALL_TIMEOUT": "2s",
        ]
        let script: ScriptedUpstream.Script = { request in
            let name = request.json["messages"]?.array?.last?["content"]?.string ?? ""
            if let fault = Fault(rawValue: name) { return fault.reply }
            let isStreaming = request.json["stream"]?.bool == true
            let encoder = CompletionEncoder(requestNumber: request.number)
            return isStreaming
                ? encoder.reply(ModelTurn("Hi")) : .json(200, encoder.completion(ModelTurn("Hi")))
        }
        try await Gateway.run(environment: environment, script: script) { gateway in
            let footprint = DaemonFootprint(of: gateway.daemon)
            try await Self.expectService(of: gateway.daemon, after: nil)
            let before = footprint.sample()
            for fault in Fault.allCases {
                for isStreaming in [true, false] {
                    let body = SampleRequest.plain(fault.rawValue, stream: isStreaming)
                    let answer = try await Self.post(body, to: gateway.daemon)
                    Self.expectError(answer, of: fault, isStreaming: isStreaming)
                }
                try await Self.expectService(of: gateway.daemon, after: fault)
            }
            let after = await footprint.settled(within: .seconds(60)) { $0.descriptors <= before.descriptors + 4 }
            #expect(after.descriptors <= before.descriptors + 4)
            print("faults: \(Fault.allCases.count), each streamed and whole; before: \(before); after: \(after)")
        }
    }

    /// Closes its connection, so that the daemon's descriptors can be counted.
    private static func post(_ body: JSONValue, to daemon: DaemonProcess) async throws -> HTTPReply {
        let client = try await daemon.connect()
        let answer = try await client.post("/v1/messages", body)
        await client.connection.close()
        return answer
    }

    private static func expectService(of daemon: DaemonProcess, after fault: Fault?) async throws {
        let answer = try await Self.post(SampleRequest.plain(), to: daemon)
        let events = EventStreamChecker.check(answer.body)
        #expect(
            answer.status == 200 && events.text == "Hi" && events.problems == [], "after \(String(describing: fault))")
    }

    private static func expectError(_ answer: HTTPReply, of fault: Fault, isStreaming: Bool) {
        #expect(answer.isComplete, "\(fault)")
        guard isStreaming, answer.status == 200 else {
            #expect(answer.status >= 429 && !(isStreaming && fault.comesAfterWords), "\(fault): \(answer.text)")
            #expect(answer.json["type"] == "error" && answer.json["error"]?["message"]?.string != nil, "\(fault)")
            return
        }
        // A fault after the pings have begun is told in the stream as well.
        let events = EventStreamChecker.check(answer.body)
        #expect(events.problems == [] && events.error != nil && events.stopReason == nil, "\(fault): \(answer.text)")
        #expect(events.text.isEmpty != fault.comesAfterWords, "\(fault): \(answer.text)")
    }
}

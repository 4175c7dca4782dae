// SPDX-License-Identifier: Apache-2.0

import Shared
import TestSupport
import Testing

/// A daemon between a test and llama.cpp's own server.
struct RealGateway {
    let daemon: DaemonProcess
    let server: LlamaServer

    /// Runs `test` with a gateway of its own.
    ///
    /// - Parameters:
    ///   - configuration: what stands in the daemon's configuration file.
    ///   - model: what the daemon asks for. The server takes any name, unless it is a router.
    static func run(
        _ template: LlamaServer.Template = .hermes, context: Int = 16_384, slots: Int = 1, heldBy gate: HeldPipe? = nil,
        isRouter: Bool = false, model: String = "tiny", configuration: String = "",
        test: (RealGateway) async throws -> Void,
    ) async throws {
        let python = try #require(ExternalPrograms.python, "CI has to provide the clients and xllamacpp")
        try await Gateway.alone {
            let server = try await LlamaServer.start(
                python: python, template: template, context: context, slots: slots, heldBy: gate, isRouter: isRouter)
            let home = try TemporaryDirectory("d")
            try home.configure(configuration)
            let daemon = try await DaemonProcess.start(
                environment: [
                    "QWEN_BASE_URL": server.baseURL, "QWEN_MODEL": model, "QWEN_RETRY_DELAY": "50ms",
                    "QWEN_DISCOVER_LIMITS": "true",
                ],
                home: home)
            do {
                // A server that is held back cannot be asked yet, and a router has no window of its own.
                if gate == nil, !isRouter { _ = try await daemon.limits { $0.contextWindowOrigin != .assumed } }
                try await test(RealGateway(daemon: daemon, server: server))
            } catch {
                Issue.record("\(error)\n\(daemon.log)\n\(server.log)")
            }
            #expect(try await daemon.stop().status == 0)
        }
    }

    func post(_ body: JSONValue) async throws -> HTTPReply {
        try await self.daemon.connect().post("/v1/messages?beta=true", body)
    }

    /// The message that a request is answered with, streamed or whole.
    func ask(_ body: JSONValue) async throws -> RealAnswer {
        let reply = try await self.post(body)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.isComplete)
        guard body["stream"] == true else { return RealAnswer(message: reply.json) }
        return RealAnswer(EventStreamChecker.check(reply.body))
    }
}

/// What a message says, the same for both ways to get it.
struct RealAnswer: Equatable {
    struct Call: Equatable {
        var name: String
        var input: JSONValue
    }

    var thinking = ""
    var text = ""
    var calls: [Call] = []
    var blocks: [String] = []
    var stopReason: String?
    /// Tokens of the prompt, cached ones included.
    var promptTokens: Int?
    var problems: [String] = []

    init(message: JSONValue) {
        self.problems = EventStreamChecker.problems(inMessage: message)
        for block in message["content"]?.array ?? [] {
            self.blocks.append(block["type"]?.string ?? "")
            self.thinking += block["thinking"]?.string ?? ""
            self.text += block["text"]?.string ?? ""
            if let name = block["name"]?.string { self.calls.append(Call(name: name, input: block["input"] ?? .null)) }
        }
        self.stopReason = message["stop_reason"]?.string
        self.promptTokens = Self.promptTokens(message["usage"])
    }

    init(_ stream: EventStreamChecker) {
        // That there may be none is for the test to say.
        self.problems = stream.problems.filter { $0 != "no content" }
        self.blocks = stream.blocks.map(\.type)
        self.thinking = stream.thinking
        self.text = stream.text
        self.calls = stream.toolUses.map {
            Call(name: $0.name ?? "", input: (try? JSONValue(parsing: $0.content)) ?? .string($0.content))
        }
        self.stopReason = stream.stopReason
        self.promptTokens = Self.promptTokens(stream.usage)
    }

    private static func promptTokens(_ usage: JSONValue?) -> Int? {
        guard let read = usage?["input_tokens"]?.integer else { return nil }
        return read + (usage?["cache_read_input_tokens"]?.integer ?? 0)
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests of a real server.
    static var needsLlamaServer: Self {
        .enabled(
            if: ExternalPrograms.python != nil || ExternalPrograms.isContinuousIntegration,
            "needs llama.cpp's server: make test")
    }
}

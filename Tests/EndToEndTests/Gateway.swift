// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// A daemon between a test and a scripted upstream.
struct Gateway {
    static let secret = "sk-scripted-secret"
    private static let turnstile = Turnstile(places: 3)

    let daemon: DaemonProcess
    let upstream: ScriptedUpstream

    /// Runs `test` with a gateway of its own and then demands what is true of every daemon: it ends when asked to, with
    /// status 0, and has not told the key.
    static func run(
        environment: [String: String] = [:],
        descriptorLimit: Int? = nil,
        script: @escaping ScriptedUpstream.Script,
        test: (Gateway) async throws -> Void,
    ) async throws {
        try await Self.turnstile.pass {
            let upstream = try await ScriptedUpstream.start(script)
            let daemon = try await DaemonProcess.start(
                upstream: upstream, environment: environment, descriptorLimit: descriptorLimit)
            do {
                try await test(Gateway(daemon: daemon, upstream: upstream))
            } catch {
                Issue.record("\(error)\n\(daemon.log)")
            }
            let outcome = try await daemon.stop()
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(!outcome.errorOutput.contains(Self.secret))
            #expect(!outcome.output.contains(Self.secret))
            await upstream.stop()
        }
    }

    /// A gateway to a model that answers every request with `turn`.
    static func answering(
        _ turn: ModelTurn, quirks: Set<StreamQuirk> = [], environment: [String: String] = [:],
        descriptorLimit: Int? = nil, test: (Gateway) async throws -> Void
    ) async throws {
        try await Self.run(
            environment: environment, descriptorLimit: descriptorLimit, script: Self.script(turn, quirks: quirks),
            test: test)
    }

    static func script(_ turn: ModelTurn, quirks: Set<StreamQuirk> = []) -> ScriptedUpstream.Script {
        { request in
            let json = request.json
            let encoder = CompletionEncoder(quirks: quirks, requestNumber: request.number)
            return json["stream"]?.bool == true ? encoder.reply(turn) : .json(200, encoder.completion(turn))
        }
    }

    /// The same, without an upstream and a daemon that the test starts itself, but not too many at once.
    static func alone<Value>(_ test: () async throws -> Value) async throws -> Value {
        try await Self.turnstile.pass(test)
    }

    /// One request over a connection of its own.
    func post(
        _ body: JSONValue, to target: String = "/v1/messages?beta=true", headers: [String: String] = [:]
    ) async throws -> HTTPReply {
        try await self.daemon.connect().post(target, body, headers: headers)
    }

    /// A streamed request and what became of it.
    func stream(_ body: JSONValue) async throws -> EventStreamChecker {
        let reply = try await self.post(body)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.header("content-type")?.hasPrefix("text/event-stream") == true)
        #expect(reply.isComplete)
        return EventStreamChecker.check(reply.body)
    }
}

extension DaemonProcess {
    /// The limits of the first upstream's model, once the status shows such that `isWanted`: servers are asked beside the
    /// requests.
    func limits(where isWanted: (ModelLimits) -> Bool) async throws -> ModelLimits {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let outcome = try await self.control("status", "--json")
            let status = try JSONDecoder().decode(DaemonStatus.self, from: Data(outcome.output.utf8))
            if let limits = status.upstreams.first?.limits, isWanted(limits) { return limits }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw HTTPReplyError(description: "no such limits\n\(self.log)")
    }
}

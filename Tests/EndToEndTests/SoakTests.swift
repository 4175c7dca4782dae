// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing

/// Two hundred clients for a while, with hang-ups, reloads and restarts. `QWENPROXYD_SOAK_SECONDS` says how long: some
/// seconds by default, ten minutes in `make check`.
@Suite struct SoakTests {
    private static let clients = 200

    private final class Tally: Sendable {
        let whole = Atomic(0)
        let hangUps = Atomic(0)
        let restarts = Atomic(0)
    }

    /// What the upstream says to the request with this number: something else for each.
    private static func text(_ number: Int) -> String {
        (0..<40).map { "\(number * 1_000 + $0) \"ü\" 你好\n" }.joined()
    }

    private static let script: ScriptedUpstream.Script = { request in
        let number = request.json["messages"]?.array?.last?["content"]?.string.flatMap { Int($0) } ?? 0
        let frames = CompletionEncoder(requestNumber: request.number).writes(ModelTurn(Self.text(number)))
        let pause = Duration.milliseconds(number % 7 * 20)
        return ScriptedReply(
            [ScriptedReply.eventStreamHead] + frames.flatMap { [.chunk($0), .pause(pause)] } + [.endOfChunks])
    }

    @Test func `every answer is exact, whatever happens to the daemon`() async throws {
        let seconds = ProcessInfo.processInfo.environment["QWENPROXYD_SOAK_SECONDS"].flatMap { Int($0) } ?? 6
        let tally = Tally()
        try await Gateway.run(script: Self.script) { gateway in
            let end = ContinuousClock.now + .seconds(seconds)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<Self.clients {
                    group.addTask {
                        var number = client
                        while ContinuousClock.now < end {
                            try await Self.ask(number, gateway, tally)
                            number += Self.clients
                        }
                    }
                }
                group.addTask { try await Self.disturb(gateway, until: end, every: max(1, seconds / 40), tally) }
                try await group.waitForAll()
            }
            let counts = (
                tally.whole.load(ordering: .relaxed), tally.hangUps.load(ordering: .relaxed),
                tally.restarts.load(ordering: .relaxed)
            )
            #expect(counts.0 >= Self.clients / 2 && counts.1 > 0 && counts.2 > 0, "\(counts)")
            print("soak: \(counts.0) answers exact, \(counts.1) hang-ups, \(counts.2) restarts in \(seconds) s")
            #expect(try await gateway.daemon.control("stop").status == 0)
        }
    }

    private static func ask(_ number: Int, _ gateway: Gateway, _ tally: Tally) async throws {
        let client = try await gateway.daemon.connect()
        let isStreaming = number % 5 != 0
        let body = SampleRequest.plain(String(number), stream: isStreaming)
        if number % 6 == 1 {
            try await client.send("POST", "/v1/messages", body: body.bytes)
            if isStreaming { _ = try await client.replyHead() }
            await client.connection.close()
            tally.hangUps.add(1, ordering: .relaxed)
            return
        }
        let reply = try await client.post("/v1/messages", body, within: .seconds(120))
        #expect(reply.status == 200 && reply.isComplete, "\(number): \(reply.text.prefix(300))")
        if isStreaming {
            let events = EventStreamChecker.check(reply.body)
            #expect(events.problems == [] && events.text == Self.text(number), "\(number): \(events.problems)")
        } else {
            #expect(reply.json["content"]?[0]?["text"]?.string == Self.text(number), "\(number)")
        }
        await client.connection.close()
        tally.whole.add(1, ordering: .relaxed)
    }

    /// In turn a reload and a restart.
    private static func disturb(
        _ gateway: Gateway, until end: ContinuousClock.Instant, every seconds: Int, _ tally: Tally
    ) async throws {
        while true {
            try await Task.sleep(for: .seconds(seconds))
            guard ContinuousClock.now < end else { return }
            let reload = try await gateway.daemon.control("reload")
            #expect(reload.status == 0, "\(reload.errorOutput)")
            let restart = try await gateway.daemon.control("restart")
            #expect(restart.status == 0, "\(restart.errorOutput)")
            tally.restarts.add(1, ordering: .relaxed)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing

/// Two hundred clients for a while, with hang-ups, reloads and restarts. `QWENPROXYD_SOAK_SECONDS` says how long: some
/// seconds by default, ten minutes in `make check`. In the second half there are no restarts, so that one process shows
/// whether it grows.
@Suite struct SoakTests {
    private static let clients = 200

    private final class Tally: Sendable {
        let whole = Atomic(0)
        let bytes = Atomic(0)
        let hangUps = Atomic(0)
        let reloads = Atomic(0)
        let restarts = Atomic(0)

        var summary: String {
            func count(_ counter: borrowing Atomic<Int>) -> Int { counter.load(ordering: .relaxed) }
            return "\(count(self.whole)) answers of \(count(self.bytes)) bytes exact, \(count(self.hangUps)) hang-ups, "
                + "\(count(self.reloads)) reloads, \(count(self.restarts)) restarts"
        }
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
            try await Self.ask(0, gateway, tally)
            let footprint = DaemonFootprint(of: gateway.daemon)
            let before = footprint.sample()
            let watch = Task { await footprint.watch() }
            let begin = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 1...Self.clients {
                    group.addTask {
                        var number = client
                        while ContinuousClock.now < begin + .seconds(seconds) {
                            try await Self.ask(number, gateway, tally)
                            number += Self.clients
                        }
                    }
                }
                group.addTask { try await Self.disturb(gateway, from: begin, for: seconds, tally) }
                try await group.waitForAll()
            }
            watch.cancel()
            let peak = await watch.value
            // Each stream may leave a connection to the upstream, which is kept for two minutes. A client that hung up asks again
            // at once, while its old stream may still be there: a second for each at most. A long run waits for their end.
            let isLong = seconds >= 60
            let mostDescriptors = before.descriptors + (isLong ? 0 : 2 * Self.clients)
            let after = await footprint.settled(within: .seconds(isLong ? 200 : 60)) {
                $0.processes == 1 && $0.descriptors <= mostDescriptors && $0.kilobytes <= 2 * before.kilobytes
            }
            print("soak: \(tally.summary) in \(seconds) s; before: \(before); at the peak: \(peak); after: \(after)")
            #expect(tally.whole.load(ordering: .relaxed) >= Self.clients / 2)
            #expect(tally.hangUps.load(ordering: .relaxed) > 0 && tally.restarts.load(ordering: .relaxed) > 0)
            // Every process but the newest one has ended, and that one has given back what the load took.
            #expect(after.processes == 1)
            if after.descriptors > mostDescriptors {
                Issue.record("\(await footprint.sockets())\n\(try await gateway.daemon.control("status").output)")
            }
            #expect(after.kilobytes <= 2 * before.kilobytes)
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
        tally.bytes.add(reply.body.count, ordering: .relaxed)
    }

    /// In turn a reload and, in the first half, a restart.
    private static func disturb(
        _ gateway: Gateway, from begin: ContinuousClock.Instant, for seconds: Int, _ tally: Tally
    ) async throws {
        while true {
            try await Task.sleep(for: .seconds(max(1, seconds / 40)))
            let now = ContinuousClock.now
            // On a busy machine one reload may take all the time of a short run, which is to have a restart nevertheless.
            let isFirst = tally.restarts.load(ordering: .relaxed) == 0
            guard isFirst || now < begin + .seconds(seconds) else { return }
            let reload = try await gateway.daemon.control("reload", "--timeout", "60")
            #expect(reload.status == 0, "\(reload.errorOutput)")
            tally.reloads.add(1, ordering: .relaxed)
            guard isFirst || now < begin + .seconds(seconds / 2) else { continue }
            let restart = try await gateway.daemon.control("restart", "--timeout", "120")
            #expect(restart.status == 0, "\(restart.errorOutput)")
            tally.restarts.add(1, ordering: .relaxed)
        }
    }
}

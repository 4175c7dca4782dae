// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing

@testable import ServiceManager

@Suite(.timeLimit(.minutes(1))) struct WatchdogTests {
    private let clock = ManualClock()
    private let recorder = RecordingLog()

    private func watchdog(_ checks: [WatchdogCheck], feed: @escaping @Sendable () -> Void) -> Watchdog<ManualClock> {
        Watchdog(
            interval: .seconds(10), checks: checks, clock: self.clock, logger: self.recorder.logger, feed: feed)
    }

    @Test func `it feeds twice in each interval while all answer`() async {
        let (fed, continuation) = AsyncStream<Void>.makeStream()
        let watchdog = self.watchdog([WatchdogCheck(name: "loop") {}]) { continuation.yield() }
        let running = Task { await watchdog.run() }
        var feeds = fed.makeAsyncIterator()
        for _ in 0..<3 {
            await feeds.next()
            // The round is over, so the only sleeper is the one that waits for the next round.
            await self.clock.waitForSleepers(1)
            self.clock.advance(by: .seconds(5))
        }
        running.cancel()
        await running.value
        #expect(self.recorder.records.isEmpty)
    }

    @Test func `a check that does not answer stops the feeding and is named`() async {
        let (answers, answer) = AsyncStream<Void>.makeStream()
        let counter = Counter()
        let watchdog = self.watchdog([
            WatchdogCheck(name: "loop") {},
            WatchdogCheck(name: "curl") { for await _ in answers { return } },
        ]) { counter.increment() }
        let running = Task { await watchdog.run() }
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(5))
        await self.recorder.waitForRecord()
        #expect(self.recorder.records.map(\.message.description) == ["The watchdog waits for an answer"])
        #expect(self.recorder.records[0].metadata?["watchdog.checks"] == "curl")
        #expect(counter.value == 0)
        // A late answer is an answer.
        answer.yield()
        await counter.waitForIncrement()
        #expect(counter.value == 1)
        answer.finish()
        running.cancel()
        await running.value
    }

    @Test func `a check that fails is not fed for, and asked again`() async {
        struct Broken: Error {}
        let attempts = Counter()
        let counter = Counter()
        let watchdog = self.watchdog([
            WatchdogCheck(name: "curl") {
                attempts.increment()
                if attempts.value == 1 { throw Broken() }
            }
        ]) { counter.increment() }
        let running = Task { await watchdog.run() }
        await self.recorder.waitForRecord()
        await self.clock.waitForSleepers(1)
        #expect(counter.value == 0)
        self.clock.advance(by: .seconds(5))
        await counter.waitForIncrement()
        #expect(attempts.value == 2)
        running.cancel()
        await running.value
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite
struct SilenceWatchTests {
    private func at(_ milliseconds: Int64) -> LoopTime { LoopTime(milliseconds: milliseconds) }

    private var timeouts: UpstreamRequest.Timeouts {
        UpstreamRequest.Timeouts(firstByte: .milliseconds(100), stall: .milliseconds(50), refusal: .milliseconds(80))
    }

    @Test func `a stall is measured from the last byte`() {
        var watch = SilenceWatch(timeouts: self.timeouts, now: self.at(1_000))
        #expect(watch.deadline(for: .nextByte, now: self.at(1_000)) { nil } == self.at(1_050))
        watch.progressMade(at: self.at(1_040))
        #expect(watch.deadline(for: .nextByte, now: self.at(1_050)) { nil } == self.at(1_090))
        #expect(watch.deadline(for: .none, now: self.at(9_000)) { nil } == .distantFuture)
    }

    @Test func `a refusal ends a time after its head, whatever comes of it, and earlier when it stalls`() {
        var watch = SilenceWatch(timeouts: self.timeouts, now: self.at(1_000))
        watch.headReceived(at: self.at(1_010))
        #expect(watch.deadline(for: .refusal, now: self.at(1_010)) { nil } == self.at(1_060))
        watch.progressMade(at: self.at(1_050))
        #expect(watch.deadline(for: .refusal, now: self.at(1_060)) { nil } == self.at(1_090))
        watch.progressMade(at: self.at(1_085))
        #expect(watch.deadline(for: .refusal, now: self.at(1_090)) { nil } == self.at(1_090))
    }

    @Test func `the first byte is waited for from the connection or the end of the upload, whichever is later`() {
        var watch = SilenceWatch(timeouts: self.timeouts, now: self.at(1_000))
        #expect(watch.deadline(for: .firstByte, now: self.at(1_010)) { nil } == self.at(1_100))
        #expect(watch.deadline(for: .firstByte, now: self.at(1_100)) { 30 } == self.at(1_130))
        watch.progressMade(at: self.at(1_070))
        #expect(watch.deadline(for: .firstByte, now: self.at(1_170)) { 30 } == self.at(1_170))
    }

    @Test func `without a connection only the connect timeout counts`() {
        let watch = SilenceWatch(timeouts: self.timeouts, now: self.at(1_000))
        #expect(watch.deadline(for: .firstByte, now: self.at(5_000)) { nil } == self.at(5_100))
    }

    @Test func `durations beyond all measure are clamped`() {
        #expect(Duration.seconds(Int64.max).clampedMilliseconds() <= Int64(Int32.max))
        #expect(Duration.seconds(-5).clampedMilliseconds() == 1)
        #expect(Duration.milliseconds(1_500).clampedMilliseconds() == 1_500)
        #expect(self.at(0).waitMilliseconds(until: .distantFuture) == -1)
        #expect(self.at(5).waitMilliseconds(until: self.at(5)) == 0)
        #expect(self.at(5).waitMilliseconds(until: self.at(7)) == 3)
        #expect(self.at(.max - 1).advanced(byMilliseconds: 10) == .distantFuture)
    }
}

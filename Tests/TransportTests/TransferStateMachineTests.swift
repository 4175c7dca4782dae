// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite
struct TransferStateMachineTests {
    private func streaming() -> TransferStateMachine {
        var machine = TransferStateMachine()
        #expect(machine.startReceived() == .begin)
        #expect(machine.headCompleted(.answer) == .forward)
        return machine
    }

    @Test func `head, bytes, end`() {
        var machine = self.streaming()
        #expect(machine.wait == .nextByte)
        #expect(machine.bytesReceived(count: 1) == .forward)
        machine.demandReturned(.more)
        #expect(machine.roundEnded() == .nothing)
        #expect(machine.completed(nil) == .finish(nil))
        #expect(machine.completed(nil) == .nothing)
        #expect(machine.wait == .none)
    }

    @Test func `a cancellation that overtakes the start ends the transfer and nothing begins`() {
        var machine = TransferStateMachine()
        #expect(machine.cancelReceived() == .finish(.cancelled))
        #expect(machine.startReceived() == .nothing)
        #expect(machine.cancelReceived() == .nothing)
    }

    @Test func `trailers are ignored, and bytes without a head are refused`() {
        var machine = self.streaming()
        #expect(machine.headCompleted(.answer) == .ignore)
        var headless = TransferStateMachine()
        #expect(headless.startReceived() == .begin)
        #expect(headless.bytesReceived(count: 1) == .abort)
        #expect(headless.completed(nil) == .finish(.interrupted(reason: "the answer had no head")))
    }

    @Test func `a pause is told to libcurl after the round, once`() {
        var machine = self.streaming()
        #expect(machine.bytesReceived(count: 1) == .forward)
        machine.demandReturned(.pause)
        #expect(machine.wait == .none)
        #expect(machine.roundEnded() == .pause)
        #expect(machine.roundEnded() == .nothing)
        #expect(machine.resumeReceived() == .unpause)
        #expect(machine.resumeReceived() == .nothing)
        #expect(machine.bytesReceived(count: 1) == .forward)
    }

    @Test func `more bytes in the round of a pause are refused, which pauses libcurl as well`() {
        var machine = self.streaming()
        machine.demandReturned(.pause)
        #expect(machine.bytesReceived(count: 1) == .refuse)
        #expect(machine.roundEnded() == .nothing)
        #expect(machine.resumeReceived() == .unpause)
    }

    @Test func `a resume before libcurl has heard of the pause needs no call`() {
        var machine = self.streaming()
        machine.demandReturned(.pause)
        #expect(machine.resumeReceived() == .proceed)
        #expect(machine.roundEnded() == .nothing)
        #expect(machine.bytesReceived(count: 1) == .forward)
    }

    @Test func `the receiver's stop and our limits outlive the code libcurl reports for them`() {
        var stopped = self.streaming()
        stopped.demandReturned(.stop)
        #expect(stopped.bytesReceived(count: 1) == .abort)
        #expect(stopped.completed(.interrupted(reason: "write error")) == .finish(.cancelled))
        var limited = TransferStateMachine()
        #expect(limited.startReceived() == .begin)
        limited.limitExceeded(.tooLarge(limit: 1))
        #expect(limited.headCompleted(.answer) == .abort)
        #expect(limited.completed(.interrupted(reason: "write error")) == .finish(.tooLarge(limit: 1)))
    }

    @Test func `silence is a timeout before the head, a stall after it, and nothing while paused`() {
        var waiting = TransferStateMachine()
        #expect(waiting.silenceElapsed() == .nothing)
        #expect(waiting.startReceived() == .begin)
        #expect(waiting.wait == .firstByte)
        #expect(waiting.silenceElapsed() == .finish(.timedOut))
        var silent = self.streaming()
        #expect(silent.silenceElapsed() == .finish(.stalled))
        var paused = self.streaming()
        paused.demandReturned(.pause)
        #expect(paused.silenceElapsed() == .nothing)
        #expect(paused.cancelReceived() == .finish(.cancelled))
    }

    @Test func `a refusal that takes too long is what has come of it`() {
        var machine = TransferStateMachine()
        #expect(machine.startReceived() == .begin)
        #expect(machine.headCompleted(.refusal) == .forward)
        #expect(machine.wait == .refusal)
        #expect(machine.bytesReceived(count: 1) == .forward)
        machine.demandReturned(.more)
        #expect(machine.silenceElapsed() == .finish(nil))
        #expect(machine.completed(.interrupted(reason: "write error")) == .nothing)
    }

    @Test func `after a head that is of no use nothing is wanted`() {
        var machine = TransferStateMachine()
        #expect(machine.startReceived() == .begin)
        let error = UpstreamError.redirected(status: 308, location: nil)
        #expect(machine.headCompleted(.unusable(error)) == .abort)
        #expect(machine.wait == .none)
        #expect(machine.bytesReceived(count: 1) == .abort)
        #expect(machine.headCompleted(.answer) == .abort)
        #expect(machine.completed(.interrupted(reason: "write error")) == .finish(error))
    }

    @Test func `an answer that is whole ends after the round, and its connection is drained`() {
        var machine = self.streaming()
        #expect(machine.bytesReceived(count: 100) == .forward)
        machine.demandReturned(.enough)
        #expect(machine.wait == .rest)
        #expect(machine.roundEnded() == .tell)
        #expect(machine.roundEnded() == .nothing)
        #expect(machine.bytesReceived(count: 5) == .discard)
        #expect(machine.headCompleted(.answer) == .ignore)
        // The receiver was told; whatever libcurl reports now is not news.
        #expect(machine.completed(nil) == .release)
        #expect(machine.completed(nil) == .nothing)
    }

    @Test func `the end of the body in the same round needs no draining`() {
        var machine = self.streaming()
        machine.demandReturned(.enough)
        #expect(machine.completed(.interrupted(reason: "reset")) == .finish(nil))
        #expect(machine.roundEnded() == .nothing)
    }

    @Test func `draining has an end in bytes and in time`() {
        var machine = self.streaming()
        machine.demandReturned(.enough)
        #expect(machine.bytesReceived(count: TransferStateMachine.drainLimit) == .discard)
        #expect(machine.roundEnded() == .tell)
        #expect(machine.bytesReceived(count: 1) == .abort)
        #expect(machine.completed(.interrupted(reason: "write error")) == .release)
        machine = self.streaming()
        machine.demandReturned(.enough)
        #expect(machine.roundEnded() == .tell)
        #expect(machine.silenceElapsed() == .release)
        machine = self.streaming()
        machine.demandReturned(.enough)
        #expect(machine.cancelReceived() == .finish(nil))
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Server

@Suite struct KeepAliveTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000)

    @Test func `silence is broken at each interval`() {
        var keepAlive = KeepAlive(interval: .seconds(10), openedAt: self.start)
        #expect(keepAlive.due == self.start + .seconds(10))
        #expect(keepAlive.timerFired(at: self.start + .seconds(10)) == .ping(next: self.start + .seconds(20)))
        #expect(keepAlive.timerFired(at: self.start + .seconds(21)) == .ping(next: self.start + .seconds(31)))
    }

    @Test func `a write puts it off, without a timer of its own`() {
        var keepAlive = KeepAlive(interval: .seconds(10), openedAt: self.start)
        keepAlive.written(at: self.start + .seconds(3))
        keepAlive.written(at: self.start + .seconds(7))
        #expect(keepAlive.timerFired(at: self.start + .seconds(10)) == .wait(until: self.start + .seconds(17)))
        #expect(keepAlive.timerFired(at: self.start + .seconds(17)) == .ping(next: self.start + .seconds(27)))
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Server

@Suite struct ConnectionTimerTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    @Test func `a later deadline needs no new task, an earlier one does`() {
        var timer = ConnectionTimer()
        #expect(timer.expect(by: self.at(60)) == self.at(60))
        #expect(timer.expect(by: self.at(600)) == nil)
        #expect(timer.expect(by: self.at(30)) == self.at(30))
    }

    @Test func `a task that fires too early goes back to sleep until it is time`() {
        var timer = ConnectionTimer()
        _ = timer.expect(by: self.at(60))
        _ = timer.expect(by: self.at(100))
        #expect(timer.fired(at: self.at(60)) == .wait(until: self.at(100)))
        #expect(timer.expect(by: self.at(110)) == nil)
        #expect(timer.fired(at: self.at(100)) == .wait(until: self.at(110)))
        #expect(timer.fired(at: self.at(110)) == .expired)
    }

    @Test func `nothing expected, nothing expires`() {
        var timer = ConnectionTimer()
        _ = timer.expect(by: self.at(60))
        #expect(timer.expect(by: nil) == nil)
        #expect(timer.fired(at: self.at(60)) == .sleep)
        #expect(timer.expect(by: self.at(70)) == self.at(70))
    }
}

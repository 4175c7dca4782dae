// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Credentials

@Suite struct LockWaitTests {
    private let start = ContinuousClock.now
    private let young = LockWait.Sighting(identity: "a", age: .seconds(1))

    @Test func `the pauses grow by half, up to two seconds, twenty times`() {
        var wait = LockWait()
        var pauses: [Duration] = []
        for _ in 0..<20 {
            // Always another lock: another program is at work.
            let sighting = LockWait.Sighting(identity: "\(pauses.count)", age: .seconds(1))
            guard case .wait(let pause) = wait.busy(sighting, at: self.start) else {
                Issue.record("gave up after \(pauses.count)")
                return
            }
            pauses.append(pause)
        }
        #expect(
            pauses.prefix(4) == [.milliseconds(100), .milliseconds(150), .milliseconds(225), .microseconds(337_500)])
        #expect(pauses.suffix(12).allSatisfy { $0 == .seconds(2) })
        #expect(wait.busy(self.young, at: self.start) == .giveUp)
    }

    @Test func `a lock is left over after ten seconds, not before`() {
        var wait = LockWait()
        #expect(wait.busy(.init(identity: "a", age: .seconds(10)), at: self.start) == .wait(.milliseconds(100)))
        #expect(wait.busy(.init(identity: "a", age: .milliseconds(10_001)), at: self.start) == .breakLock)
    }

    @Test func `a lock from the future is left over when it stands still`() {
        var wait = LockWait()
        let future = LockWait.Sighting(identity: "a", age: .seconds(-86_400))
        #expect(wait.busy(future, at: self.start) == .wait(.milliseconds(100)))
        #expect(wait.busy(future, at: self.start + .seconds(9)) == .wait(.milliseconds(150)))
        #expect(wait.busy(future, at: self.start + .seconds(11)) == .breakLock)
        // Another one in its place is not.
        #expect(
            wait.busy(.init(identity: "b", age: .seconds(-86_400)), at: self.start + .seconds(12))
                == .wait(.microseconds(225_000)))
    }

    @Test func `a lock that went away in between is tried for at once`() {
        var wait = LockWait()
        #expect(wait.busy(nil, at: self.start) == .wait(.zero))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct ResponseStateMachineTests {
    private typealias Action = ResponseStateMachine.Action

    private func opened() -> ResponseStateMachine {
        var machine = ResponseStateMachine()
        #expect(machine.streamOpened() == .armKeepAlive)
        return machine
    }

    private func streaming() -> ResponseStateMachine {
        var machine = self.opened()
        #expect(machine.bytesWritten() == .stream(head: true, end: false, thenClose: false))
        return machine
    }

    @Test func `a whole response is given once`() {
        var machine = ResponseStateMachine()
        #expect(machine.wholeResponseGiven() == .respond)
        #expect(machine.isComplete)
        #expect(machine.wholeResponseGiven() == .ignore)
        #expect(machine.failed() == .ignore)
        #expect(machine.bytesWritten() == .ignore)
        #expect(machine.finished() == .ignore)
        #expect(machine.streamOpened() == .ignore)
        #expect(machine.responderReturned() == .ignore)
    }

    @Test func `the head goes out with the first bytes only`() {
        var machine = self.streaming()
        #expect(machine.bytesWritten() == .stream(head: false, end: false, thenClose: false))
        #expect(machine.finished() == .stream(head: false, end: true, thenClose: false))
        #expect(machine.isComplete)
    }

    @Test func `an opened stream can still become a whole response`() {
        var machine = self.opened()
        #expect(machine.wholeResponseGiven() == .respond)
        #expect(machine.isComplete)
    }

    @Test func `a stream without bytes has a head and an end`() {
        var machine = self.opened()
        #expect(machine.finished() == .stream(head: true, end: true, thenClose: false))
    }

    @Test func `silence brings the head out, and then it is too late for a status`() {
        var machine = self.opened()
        #expect(machine.silenceNoticed() == .stream(head: true, end: false, thenClose: false))
        #expect(machine.silenceNoticed() == .stream(head: false, end: false, thenClose: false))
        #expect(machine.wholeResponseGiven() == .ignore)
        #expect(machine.failed() == .stream(head: false, end: true, thenClose: true))
        #expect(machine.silenceNoticed() == .ignore)
    }

    @Test func `a failure is a status as long as there is no head`() {
        var machine = ResponseStateMachine()
        #expect(machine.failed() == .respond)
        machine = self.opened()
        #expect(machine.failed() == .respond)
        #expect(machine.isComplete)
    }

    @Test func `a responder that returns too early is answered for or broken off`() {
        var machine = ResponseStateMachine()
        #expect(machine.responderReturned() == .respond)
        machine = self.opened()
        #expect(machine.responderReturned() == .respond)
        machine = self.streaming()
        #expect(machine.responderReturned() == .abort)
    }

    @Test func `after a hang-up everything is ignored`() {
        var machine = self.streaming()
        machine.clientHungUp()
        #expect(machine.bytesWritten() == .ignore)
        #expect(machine.finished() == .ignore)
        #expect(machine.responderReturned() == .ignore)
        machine = ResponseStateMachine()
        machine.clientHungUp()
        #expect(machine.streamOpened() == .ignore)
        #expect(machine.bytesWritten() == .ignore)
    }
}

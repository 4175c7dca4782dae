// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServiceManager

@Suite struct ServiceMessageTests {
    @Test func `messages are the words of sd_notify`() {
        #expect(ServiceMessage.ready(status: "Serving").text == "READY=1\nSTATUS=Serving")
        #expect(ServiceMessage.status("2 in flight").text == "STATUS=2 in flight")
        #expect(ServiceMessage.stopping(status: "Draining").text == "STOPPING=1\nSTATUS=Draining")
        #expect(ServiceMessage.reloading(monotonicMicroseconds: 12).text == "RELOADING=1\nMONOTONIC_USEC=12")
        #expect(ServiceMessage.extendTimeout(microseconds: 7).text == "EXTEND_TIMEOUT_USEC=7")
        #expect(ServiceMessage.watchdog.text == "WATCHDOG=1")
        #expect(ServiceMessage.mainProcess(4711).text == "MAINPID=4711")
    }

    @Test func `a status cannot smuggle in an assignment`() {
        #expect(ServiceMessage.status("a\nMAINPID=1\0b").text == "STATUS=a MAINPID=1 b")
    }

    @Test func `a reload that begins now has the monotonic time`() {
        guard case .reloading(let first) = ServiceMessage.reloadingNow(),
            case .reloading(let second) = ServiceMessage.reloadingNow()
        else {
            Issue.record("another message")
            return
        }
        #expect(first > 0)
        #expect(second >= first)
    }
}

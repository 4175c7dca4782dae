// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import qwenproxyd

@Suite struct TakeoverTests {
    @Test(arguments: [
        Takeover(descriptor: 5, httpAddress: nil, ownsControl: false),
        Takeover(descriptor: 6, httpAddress: "127.0.0.1:3455", ownsControl: true),
        Takeover(descriptor: 4, httpAddress: "::1:0", ownsControl: false),
        Takeover(descriptor: 4, httpAddress: nil, ownsControl: true, predecessors: [5, 9]),
    ])
    func `the successor reads what the predecessor wrote`(takeover: Takeover) {
        let environment = takeover.environment(from: [:], names: ["http", "control"])
        #expect(environment[Takeover.variable].flatMap(Takeover.init(parsing:)) == takeover)
    }

    @Test(arguments: [
        "", "5", "link=", "link=x", "link=2", "http=a:1", "link=5 more", "link=5 =x", "link=5 predecessor=1",
        "link=5 predecessor",
    ])
    func `anything else is not a takeover`(text: String) {
        #expect(Takeover(parsing: text) == nil)
    }

    @Test func `what was said to this process alone is said anew`() {
        let ours = [
            "HOME": "/home/a", "NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "7", "LISTEN_PID": "7",
            "LISTEN_FDS": "1", "LISTEN_FDNAMES": "control",
        ]
        let environment = Takeover(descriptor: 5, httpAddress: nil, ownsControl: false)
            .environment(from: ours, names: ["http", "control"])
        #expect(
            environment == [
                "HOME": "/home/a", "NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "1", "LISTEN_FDS": "2",
                "LISTEN_FDNAMES": "http:control", "QWENPROXYD_TAKEOVER": "link=5",
            ])
    }

    @Test(arguments: [TakeoverMessage.ready(version: "0.1.0"), .failed(reason: "Line 1\nand line 2")])
    func `a message arrives whole or not at all`(message: TakeoverMessage) {
        #expect(TakeoverMessage(parsing: message.text) == message)
        for length in 0..<message.text.count {
            #expect(TakeoverMessage(parsing: String(message.text.prefix(length))) == nil)
        }
    }

    /// The predecessor's end of the link says `answer`, or closes without a word.
    private static func complete(_ answer: TakeoverAnswer?) throws {
        var ends: [CInt] = [0, 0]
        try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        if let answer { _ = unsafe send(ends[0], [answer.rawValue], 1, 0) }
        _ = shutdown(ends[0], CInt(SHUT_WR))
        defer { close(ends[0]) }
        try Takeover(descriptor: ends[1], httpAddress: nil, ownsControl: false).complete()
    }

    @Test func `the successor serves when it was told to or the predecessor is gone, and ends when that goes on`()
        throws
    {
        try Self.complete(.proceed)
        try Self.complete(nil)
        #expect(throws: StartError.self) { try Self.complete(.abandon) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Transport

@Suite struct RetryAfterTests {
    private let now = Timestamp("1994-11-06T08:49:00Z")!

    @Test(arguments: [("1", 1000), ("0", 0), ("1.5", 1500), ("120", 120_000)])
    func `seconds are seconds`(value: String, milliseconds: Int) {
        #expect(RetryAfter.duration(value, now: self.now) == .milliseconds(milliseconds))
    }

    @Test func `a date is the time until then`() {
        #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:49:37 GMT", now: self.now) == .seconds(37))
        #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:48:37 GMT", now: self.now) == nil)
    }

    @Test(arguments: [
        "", "soon", "-1", "nan", "inf", "1e300", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1995 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
    ])
    func `anything else is nothing`(value: String) {
        #expect(RetryAfter.duration(value, now: self.now) == nil)
    }
}

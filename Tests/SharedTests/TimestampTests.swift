// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Shared

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_709_251_199, "2024-02-29T23:59:59Z"),
        (-1, "1969-12-31T23:59:59Z"), (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    ])
    func `writes RFC 3339 and reads it back`(seconds: Int64, text: String) {
        #expect(Timestamp(secondsSinceEpoch: seconds).description == text)
        #expect(Timestamp(text) == Timestamp(secondsSinceEpoch: seconds))
    }

    @Test func `agrees with Foundation from the calendar reform on`() {
        // A step that is no multiple of anything in the calendar.
        for seconds in stride(from: Int64(-12_212_553_600), to: 64_000_000_000, by: 48_271_933) {
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            #expect(Timestamp(secondsSinceEpoch: seconds).description == date.formatted(.iso8601))
        }
    }

    @Test(arguments: [
        "", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:60Z",
        "2024-01-01 00:00:00Z", "2024-01-01T00:00:00+00:00", "2024-01-01T00:00:00.5Z", "٢٠٢٤-01-01T00:00Z",
        "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z",
    ])
    func `refuses what it would not write`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `clamps what four digits cannot spell`() {
        #expect(Timestamp(secondsSinceEpoch: .max).description == "9999-12-31T23:59:59Z")
        #expect(Timestamp(secondsSinceEpoch: .min).description == "0000-01-01T00:00:00Z")
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    ])
    func `HTTP's form of a date says the same moment`(seconds: Int64, text: String) {
        let moment = Timestamp(secondsSinceEpoch: seconds)
        #expect(moment.httpDate == text)
        #expect(Timestamp(httpDate: text) == moment)
    }
}

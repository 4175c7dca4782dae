// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Server

@Suite struct HTTPDateTests {
    private func text(at second: Int) -> String {
        var date = HTTPDate()
        return String(decoding: date.text(at: second), as: UTF8.self)
    }

    @Test func `dates are those of the calendar`() {
        #expect(self.text(at: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(self.text(at: 0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(self.text(at: -1) == "Wed, 31 Dec 1969 23:59:59 GMT")
        #expect(self.text(at: 951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        #expect(self.text(at: 4_107_542_400) == "Mon, 01 Mar 2100 00:00:00 GMT")
    }

    @Test func `the text changes with the second`() {
        var date = HTTPDate()
        let texts = [1, 1, 2].map { date.text(at: $0) }
        #expect(texts[0] == texts[1])
        #expect(texts[1] != texts[2])
    }

    @Test func `every day of a century agrees with Foundation`() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for day in stride(from: 0, to: 36_525, by: 1) {
            let second = day * 86_400 + (day * 7919) % 86_400
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(second)))
            #expect(self.text(at: second) == expected)
        }
    }
}

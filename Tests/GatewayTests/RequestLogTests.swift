// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Gateway

@Suite struct RequestLogTests {
    private let start = SteadyInstant.now

    private func verdicts(
        _ allowance: inout RequestLogAllowance, count: Int, after time: Duration = .zero, limit: Int = 3,
    ) -> [RequestLogAllowance.Verdict] {
        (0..<count).map { _ in allowance.take(at: self.start + time, limit: limit, minute: .seconds(60)) }
    }

    @Test func `a burst is cut, and what was left out is told once`() {
        var allowance = RequestLogAllowance()
        #expect(self.verdicts(&allowance, count: 6) == [.write, .write, .write, .omitFirst, .omit, .omit])
        #expect(allowance.close() == 3)
        #expect(allowance.close() == 0)
    }

    @Test func `a minute begins with the first line after the last minute`() {
        var allowance = RequestLogAllowance()
        #expect(self.verdicts(&allowance, count: 4).last == .omitFirst)
        #expect(self.verdicts(&allowance, count: 1, after: .seconds(59)) == [.omit])
        #expect(self.verdicts(&allowance, count: 4, after: .seconds(60)) == [.write, .write, .write, .omit])
        #expect(allowance.close() == 3)
        #expect(self.verdicts(&allowance, count: 1, after: .seconds(119)) == [.omitFirst])
    }

    @Test func `a new limit counts at once`() {
        var allowance = RequestLogAllowance()
        #expect(self.verdicts(&allowance, count: 3, limit: 1) == [.write, .omitFirst, .omit])
        #expect(self.verdicts(&allowance, count: 2, limit: 2) == [.write, .omit])
    }
}

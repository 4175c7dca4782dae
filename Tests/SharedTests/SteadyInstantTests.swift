// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Shared

@Suite struct SteadyInstantTests {
    @Test func `time passes and never goes back`() {
        let moments = (0..<1_000).map { _ in SteadyInstant.now }
        #expect(moments == moments.sorted())
        #expect(moments[0].nanoseconds > 0)
    }

    @Test func `a duration leads from one moment to another and back`() {
        let start = SteadyInstant.now
        for duration in [Duration.zero, .nanoseconds(1), .milliseconds(-1_500), .seconds(3_600), .seconds(-7_200)] {
            let end = start + duration
            #expect(end - start == duration)
            #expect(end - duration == start)
            #expect((end < start) == (duration < .zero))
        }
        #expect((start + .microseconds(2_999)).milliseconds(since: start) == 2)
    }

    @Test func `what 64 bits do not hold stays at their end`() {
        let start = SteadyInstant.now
        for far in [Duration.seconds(Int64.max), .seconds(400 * 365 * 86_400), .seconds(Int64.max) * 4] {
            #expect((start + far).nanoseconds == .max)
            #expect((start - far).nanoseconds < 0)
            #expect((start - far) - (start + far) < .zero)
            #expect((start + far) > start)
        }
    }
}

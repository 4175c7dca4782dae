// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Gateway

@Suite struct TokenBucketTests {
    private let start = SteadyInstant.now

    /// The waits of requests that all come at `start`.
    private func waits(_ bucket: inout TokenBucket, count: Int) -> [Duration] {
        (0..<count).map { _ in
            switch bucket.take(at: self.start, patience: .seconds(600)) {
            case .after(let wait, _): wait
            case .tooLong: .seconds(-1)
            }
        }
    }

    @Test func `a burst goes at once, what is more waits for its turn`() {
        var bucket = TokenBucket(requestsPerMinute: 60, now: self.start)
        let waits = self.waits(&bucket, count: 9)
        #expect(waits == [0, 0, 0, 0, 0, 0, 1, 2, 3].map { .seconds($0) })
    }

    @Test(arguments: [1, 7, 60, 600]) func `no minute has more requests than the limit and one burst`(limit: Int) {
        var bucket = TokenBucket(requestsPerMinute: limit, now: self.start)
        let waits = self.waits(&bucket, count: 10 * limit)
        #expect(waits == waits.sorted())
        for first in waits.indices {
            let inMinute = waits[first...].prefix { $0 < waits[first] + .seconds(60) }.count
            #expect(inMinute <= limit + max(1, limit / 10))
        }
        // Nothing of the rate is lost either.
        #expect(waits[limit..<(2 * limit)].allSatisfy { $0 <= .seconds(120) })
    }

    @Test func `idleness is not saved up beyond a burst`() {
        var bucket = TokenBucket(requestsPerMinute: 60, now: self.start - .seconds(3600))
        let waits = self.waits(&bucket, count: 8)
        #expect(waits.count { $0 == .zero } == 6)
    }

    @Test func `no request waits longer than it may, and one that does not wait takes no place`() {
        var bucket = TokenBucket(requestsPerMinute: 6, now: self.start)
        let waits = self.waits(&bucket, count: 3)
        #expect(waits.last == .seconds(20))
        let before = bucket
        let turn = bucket.take(at: self.start, patience: .seconds(29))
        #expect(turn == .tooLong(.seconds(30)))
        #expect(bucket == before)
    }

    @Test func `the last in line can give its place back`() throws {
        var bucket = TokenBucket(requestsPerMinute: 6, now: self.start)
        _ = bucket.take(at: self.start, patience: .seconds(60))
        guard case .after(let wait, let ticket) = bucket.take(at: self.start, patience: .seconds(60)) else {
            Issue.record("no turn")
            return
        }
        bucket.giveBack(ticket)
        let turn = bucket.take(at: self.start, patience: .seconds(60))
        #expect(turn == .after(wait, ticket))
    }

    @Test func `a place in the middle is lost, so that the rate is never exceeded`() {
        var bucket = TokenBucket(requestsPerMinute: 6, now: self.start)
        guard case .after(_, let first) = bucket.take(at: self.start, patience: .seconds(60)) else { return }
        guard case .after(let second, _) = bucket.take(at: self.start, patience: .seconds(60)) else { return }
        bucket.giveBack(first)
        guard case .after(let third, _) = bucket.take(at: self.start, patience: .seconds(60)) else { return }
        #expect(third == second + .seconds(10))
    }
}

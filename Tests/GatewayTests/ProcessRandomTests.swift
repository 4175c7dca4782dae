// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

@Suite struct ProcessRandomTests {
    @Test func `every user goes on where the last one stopped`() {
        let words = (0..<10_000).map { _ in
            var random = ProcessRandom()
            return random.next()
        }
        #expect(Set(words).count == words.count)
    }

    @Test func `every bit is set about half of the time`() {
        var random = ProcessRandom()
        var counts = [Int](repeating: 0, count: 64)
        for _ in 0..<10_000 {
            let word = random.next()
            for bit in 0..<64 where word >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
        }
        // Ten standard deviations.
        #expect(counts.allSatisfy { (4_500...5_500).contains($0) })
    }
}

// SPDX-License-Identifier: Apache-2.0

import FuzzTargets
import TestSupport
import Testing

/// The short form of `Benchmarks/Fuzz`, which is a program of its own for hours and for coverage.
@Suite struct TranslationFuzzTests {
    @Test(arguments: FuzzTargets.names) func `nothing is violated by some changed inputs`(name: String) async throws {
        let target = try #require(FuzzTargets.named(name, measuresTime: false))
        let seeds = target.seeds.map { String(decoding: $0, as: UTF8.self) }
        var fuzzing = Fuzzing("translation-\(name)", seeds: seeds, vocabulary: target.vocabulary)
        try await fuzzing.run(count: 300) { input in
            do throws(Violation) {
                _ = try target.run(input)
            } catch {
                Issue.record("\(error): \(String(decoding: input, as: UTF8.self))")
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import FuzzTargets
import Glibc

/// Runs one target until the time is over or something does not hold.
struct Worker {
    /// A new kind of behaviour is kept; a target with many kinds must not fill the memory.
    private static let maximumCorpus = 4096

    let target: any FuzzTarget
    let seconds: Int
    let seed: UInt64

    struct Report {
        var executions = 0
        var kinds = 0
        /// What did not hold, and for which input.
        var finding: (violation: Violation, input: [UInt8])?
        /// By processor time, so that a busy machine does not look like a slow parser.
        var slowest: (milliseconds: Int, input: [UInt8]) = (0, [])
    }

    func run(noting current: borrowing CurrentInput) -> Report {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(self.seconds)
        var report = Report()
        var mutator = Mutator(vocabulary: self.target.vocabulary, seed: self.seed)
        var corpus = self.target.seeds
        var kinds: Set<Int> = []
        while clock.now < end {
            let input = report.executions < self.target.seeds.count ? corpus[report.executions] : mutator.mutate(corpus)
            current.store(input)
            report.executions += 1
            let begin = Self.processorTime
            do throws(Violation) {
                let isNew = kinds.insert(try self.target.run(input)).inserted
                if isNew, corpus.count < Self.maximumCorpus { corpus.append(input) }
            } catch {
                report.finding = (error, input)
                break
            }
            let duration = (Self.processorTime - begin) / 1000
            if duration > report.slowest.milliseconds { report.slowest = (duration, input) }
        }
        report.kinds = kinds.count
        return report
    }

    /// Microseconds.
    private static var processorTime: Int { Int(clock()) * (1_000_000 / Int(CLOCKS_PER_SEC)) }
}

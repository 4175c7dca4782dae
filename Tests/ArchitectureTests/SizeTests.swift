// SPDX-License-Identifier: Apache-2.0

import Testing

/// A file is one thought. Too long, and there are several; too short, and its reader has to open the next one.
@Suite struct SizeTests {
    private struct Sizes {
        let lines: [(path: String, count: Int)]

        init(_ files: [SourceTree.File]) {
            self.lines = files.map { file in (file.path, file.text.count { $0 == "\n" }) }
        }

        /// The number of lines that this share of the files does not exceed.
        func quantile(_ share: Double) -> Int {
            let sorted = self.lines.map(\.count).sorted()
            return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }

        var fragments: [String] { self.lines.filter { $0.count <= 30 }.map(\.path) }
    }

    private static let all = Sizes(SourceTree.files)

    @Test func `no file has more than 500 lines`() {
        #expect(Self.all.lines.filter { $0.count > 500 }.map(\.path) == [])
    }

    @Test func `nine files of ten have no more than 300 lines, and half of them no more than 120`() {
        #expect(Self.all.quantile(0.9) <= 300)
        #expect(Self.all.quantile(0.5) <= 120)
    }

    @Test func `at most one file of ten is a fragment of 30 lines or fewer`() {
        #expect(Self.all.fragments.count * 10 <= Self.all.lines.count)
    }

    @Test(arguments: Set(SourceTree.files.map(\.target)).sorted())
    func `no target is made of fragments`(target: String) {
        let sizes = Sizes(SourceTree.files.filter { $0.target == target })
        // A small target may have one, and a tool with a file for each command has small commands.
        #expect(sizes.fragments.count <= max(1, sizes.lines.count * 12 / 100), "\(sizes.fragments)")
    }
}

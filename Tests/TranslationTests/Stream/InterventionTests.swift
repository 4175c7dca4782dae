// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Translation

@Suite struct InterventionTests {
    @Test func `the documentation explains every one of them, under its name`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/answers.md"), encoding: .utf8)
        let names = text.split(separator: "\n").compactMap { line in
            line.hasPrefix("| `") ? line.dropFirst(3).prefix { $0 != "`" } : nil
        }
        #expect(names.map(String.init) == Intervention.allCases.map(\.rawValue))
    }

    @Test func `they are counted, and told in the order of their declaration`() {
        var counts = InterventionCounts()
        #expect(counts.isEmpty)
        #expect(counts.description == "")
        var others = InterventionCounts()
        others.record(.outputReduced)
        others.record(.callRecovered)
        counts.record(.callRecovered)
        counts.add(others)
        #expect(counts[.callRecovered] == 2)
        #expect(counts.description == "call_recovered=2,output_reduced=1")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

/// The targets' arrows. The build would let a target import whatever another one of its build depends on.
@Suite struct ImportTests {
    private static let graph = TargetGraph(manifest: SourceTree.text(of: "Package.swift"))
    /// What the system gives. The full Foundation is three times as large as the daemon.
    private static let system: Set<String> = ["FoundationEssentials", "Glibc", "Synchronization"]

    @Test(arguments: Set(SourceTree.files.map(\.target)).sorted())
    func `a target imports what it says that it depends on, and nothing else`(target: String) throws {
        let declared = try #require(Self.graph.arrows[target])
        let imported = SourceTree.files.filter { $0.target == target }.reduce(into: Set()) { $0.formUnion($1.imports) }
        #expect(imported.subtracting(target == "Translation" ? [] : Self.system) == declared)
    }

    @Test func `the drawing in the documentation shows the package's arrows`() {
        let drawing = TargetGraph(drawing: SourceTree.text(of: "docs/architecture.md"))
        #expect(drawing == Self.graph.drawn(Set(SourceTree.files.map(\.target))))
    }

    /// `SpawnedProgram` says why.
    @Test func `no test starts a program with Foundation`() {
        #expect(SourceTree.tests.filter { $0.contains(/\bProcess\(\)/) } == [])
    }
}

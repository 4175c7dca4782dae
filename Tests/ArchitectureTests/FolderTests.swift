// SPDX-License-Identifier: Apache-2.0

import Testing

/// What holds inside a target, where the compiler lets everything know everything.
@Suite struct FolderTests {
    @Test(arguments: Set(SourceTree.files.map(\.target)).sorted())
    func `the folders of a target do not know each other in a circle`(target: String) {
        #expect(FolderGraph(SourceTree.files.filter { $0.target == target }).circle == nil)
    }

    @Test func `a circle is found and told`() {
        let files = [
            SourceTree.File(path: "T/A/One.swift", text: "struct One {\n    let two: [Two]\n}"),
            SourceTree.File(
                path: "T/B/Two.swift", text: "package final class Two {\n    func three() -> Three? { nil }\n}"),
            SourceTree.File(path: "T/C/Three.swift", text: "enum Three { case one(One), four(Four) }"),
            SourceTree.File(path: "T/Four.swift", text: "struct Four { var one: One }"),
        ]
        #expect(
            FolderGraph(files).circle == [
                "A -> B: Two in T/A/One.swift", "B -> C: Three in T/B/Two.swift", "C -> A: One in T/C/Three.swift",
            ])
        #expect(FolderGraph(Array(files.dropFirst())).circle == nil)
    }

    @Test(arguments: [
        "// Two is for later.\nstruct One {}", "let text = \"Two\"", "let text = \"\"\"\n    Two\n    \"\"\"",
        "struct One {\n    struct Two {}\n}\nprivate struct Two {}", "let two = twoOf(one)",
    ])
    func `what only looks like a reference is none`(text: String) {
        let files = [
            SourceTree.File(path: "T/A/One.swift", text: text),
            SourceTree.File(path: "T/B/Two.swift", text: "struct Two { let one: One }"),
        ]
        #expect(FolderGraph(files).circle == nil)
    }
}

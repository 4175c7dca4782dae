// SPDX-License-Identifier: Apache-2.0

import Testing

/// What other targets see says what it means.
@Suite struct DeclarationTests {
    private struct Declaration {
        let place: String
        let isDocumented: Bool
    }

    /// The words that may stand before a declaration's access level.
    private static let modifiers: Set<Substring> = [
        "nonisolated", "static", "final", "mutating", "override", "indirect", "unsafe",
    ]

    /// What protocols of the standard library ask for means what they say.
    private static let witnesses = [
        "var description:", "var debugDescription:", "var customMirror:", "static func == (", "static func < (",
        "func hash(into ", "func encode(to ", "init(from decoder:", "init(stringLiteral ", "init(rawValue:",
        "let rawValue: UInt8",
    ]

    /// The public and package declarations of a file. An extension declares nothing by itself, and neither does an import.
    private static func declarations(in file: SourceTree.File) -> [Declaration] {
        var isDocumented = false
        var found: [Declaration] = []
        for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ")
            guard let first = words.first else {
                isDocumented = false
                continue
            }
            // An attribute may stand between a declaration and its documentation.
            if first.hasPrefix("@"), words.count == 1 { continue }
            let code = words.drop { Self.modifiers.contains($0) || $0.hasPrefix("@") }
            if let access = code.first, ["public", "package"].contains(access),
                !code.contains("import"), !code.contains("extension"), !Self.witnesses.contains(where: line.contains)
            {
                found.append(Declaration(place: "\(file.path):\(number + 1)", isDocumented: isDocumented))
            }
            isDocumented = first == "///"
        }
        return found
    }

    @Test func `nine of ten public and package declarations are documented`() {
        let all = SourceTree.files.flatMap(Self.declarations)
        let bare = all.filter { !$0.isDocumented }.map(\.place)
        #expect(all.count > 500)
        #expect(bare.count * 10 <= all.count, "\(bare.joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("/// One.\npublic struct One {}", 1, 1), ("public struct One {}", 1, 0),
        ("/// One.\n@safe\npackage final class One {\n    package init() {}\n}", 2, 1),
        ("package import Shared\n\npackage extension One {}", 0, 0), ("/// One.\n\npublic let one = 1", 1, 0),
        ("public var description: String { \"\" }", 0, 0),
    ])
    func `what is counted`(text: String, count: Int, documented: Int) {
        let found = Self.declarations(in: SourceTree.File(path: "T/One.swift", text: text))
        #expect(found.count == count)
        #expect(found.count { $0.isDocumented } == documented)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The repository's own text, for the rules that no compiler checks.
enum SourceTree {
    struct File {
        /// Below `Sources`: the target, folders if any, the name.
        let path: String
        let text: String

        var target: String { String(self.path.prefix { $0 != "/" }) }

        /// The folder inside the target; nil for a file that lies beside the folders.
        var folder: String? {
            let parts = self.path.split(separator: "/")
            return parts.count > 2 ? String(parts[1]) : nil
        }

        /// The modules that it imports.
        var imports: Set<String> {
            Set(
                self.text.split(separator: "\n").compactMap { line in
                    let words = line.split(separator: " ")
                    guard let keyword = words.firstIndex(of: "import"), keyword <= 1, words.count == keyword + 2 else {
                        return nil
                    }
                    return words[0].hasPrefix("//") ? nil : String(words[keyword + 1])
                })
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below `Sources`.
    static let files: [File] = {
        let sources = Self.root.appendingPathComponent("Sources")
        let paths = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().map {
            File(path: $0, text: Self.text(of: "Sources/" + $0))
        }
    }()

    /// The text of every Swift file below `Tests`.
    static let tests: [String] = {
        let tests = Self.root.appendingPathComponent("Tests")
        let paths = FileManager.default.enumerator(atPath: tests.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.map { Self.text(of: "Tests/" + $0) }
    }()

    static func text(of path: String) -> String {
        (try? String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }
}

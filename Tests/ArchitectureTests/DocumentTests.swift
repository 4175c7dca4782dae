// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the documents say about the sources.
@Suite struct DocumentTests {
    private static let architecture = SourceTree.text(of: "docs/architecture.md")

    private static func section(_ title: String, of text: String) -> Substring {
        guard let start = text.range(of: "## \(title)\n") else { return "" }
        let rest = text[start.upperBound...]
        return rest.range(of: "\n## ").map { rest[..<$0.lowerBound] } ?? rest
    }

    /// The Swift files that a text names with their folders.
    private static func files(in text: Substring) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber && !"/+._-".contains($0) }.map(String.init)
            .filter { $0.hasSuffix(".swift") && $0.contains("/") }
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: SourceTree.root.appendingPathComponent(path).path)
    }

    @Test func `the reading order of the README is the two ways of the drawing`() {
        let drawn = Self.files(in: Self.section("The two ways", of: Self.architecture))
        #expect(drawn.count > 10)
        #expect(Self.files(in: Self.section("Reading the source", of: SourceTree.text(of: "README.md"))) == drawn)
    }

    @Test func `every file that the map names is there`() {
        let named = Self.files(in: Self.architecture[...])
        #expect(named.filter { !Self.exists("Sources/\($0)") && !Self.exists($0) } == [])
    }

    @Test func `ten questions have answers that are files`() {
        let rows = Self.section("Ten questions", of: Self.architecture).split(separator: "\n")
            .filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count == 10)
        #expect(rows.filter { Self.files(in: $0).isEmpty } == [])
        #expect(rows.flatMap(Self.files).filter { !Self.exists("Sources/\($0)") } == [])
    }

    @Test func `every file that the advice to contributors names is there`() {
        let text = SourceTree.text(of: "CONTRIBUTING.md")
        // Where a new file goes is shown by a file of no certain name.
        let named = Self.files(in: text[...]).filter { !$0.hasSuffix("/NameCommand.swift") }
        #expect(named.count > 10)
        #expect(named.filter { !Self.exists($0) } == [])
    }

    @Test(arguments: ["Credentials", "Gateway", "Server", "Translation", "Transport"])
    func `every file that a target's page names is there`(target: String) {
        let text = SourceTree.text(of: "Sources/\(target)/README.md")
        let named = text.split(separator: "`").map(String.init).filter { $0.hasSuffix(".swift") }
        let files = SourceTree.files.filter { $0.target == target }.map { "/\($0.path)" }
        #expect(named.count > 4)
        #expect(named.filter { name in !files.contains { $0.hasSuffix("/\(name)") } } == [])
    }

    @Test func `dependencies have exact versions`() {
        let lines = SourceTree.text(of: "Package.swift").split(separator: "\n").filter { $0.contains(".package(url:") }
        #expect(!lines.isEmpty)
        #expect(lines.filter { !$0.contains(", exact: \"") } == [])
    }
}

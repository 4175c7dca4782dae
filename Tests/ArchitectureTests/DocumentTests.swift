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

    @Test func `the questions of the map have answers that are files`() {
        let rows = Self.section("Where is it?", of: Self.architecture).split(separator: "\n")
            .filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count > 10)
        #expect(rows.filter { Self.files(in: $0).isEmpty } == [])
        #expect(rows.flatMap(Self.files).filter { !Self.exists("Sources/\($0)") } == [])
    }

    /// By their paths, those of other packages in `.build` left out.
    private static let documents: [String] = {
        let targets = Set(SourceTree.files.map(\.target)).sorted().map { "Sources/\($0)/" }
        return (["", "docs/", "Benchmarks/"] + targets).flatMap { folder in
            let path = SourceTree.root.appendingPathComponent(folder).path
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.filter { $0.hasSuffix(".md") }.sorted().map { folder + $0 }
        }
    }()

    /// The files to which a text links.
    private static func links(in text: Substring) -> [String] {
        text.matches(of: /\]\(([^)\s#]+)[^)]*\)/).map { String($0.1) }.filter { !$0.contains(":") }
    }

    @Test func `every link of a document leads to a file`() {
        #expect(Self.documents.count > 10)
        for document in Self.documents {
            let folder = document.lastIndex(of: "/").map { String(document[...$0]) } ?? ""
            let links = Self.links(in: SourceTree.text(of: document)[...])
            #expect(links.filter { !Self.exists(folder + $0) } == [], "\(document)")
        }
    }

    /// Resolved like a browser does it.
    private static func target(of link: String, in document: String) -> String {
        let base = URL(fileURLWithPath: "/\(document)").deletingLastPathComponent()
        return String(base.appendingPathComponent(link).standardizedFileURL.path.dropFirst())
    }

    @Test func `every document to which the README leads is in the package, in the same place`() {
        var reached = ["README.md"]
        var next = 0
        while next < reached.count {
            let document = reached[next]
            next += 1
            reached += Self.links(in: SourceTree.text(of: document)[...])
                .map { Self.target(of: $0, in: document) }.filter { !reached.contains($0) }
        }
        #expect(Set(reached).count > 10)
        let places = SourceTree.text(of: "debian/qwenproxyd.install").split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
        let missing = Set(reached).filter { document in
            let folder = document.split(separator: "/").dropLast().joined(separator: "/")
            let place = "usr/share/doc/qwenproxyd" + (folder.isEmpty ? "" : "/\(folder)")
            return !places.contains { $0 == [document, place] || $0 == ["\(folder)/*.md", place] }
        }
        #expect(missing == [])
        // A compressed document has another name.
        #expect(SourceTree.text(of: "debian/rules").contains("dh_compress --exclude=.md"))
    }

    @Test func `every path of the repository that a document names is there`() {
        let folders = ["Sources/", "Tests/", "Benchmarks/", "docs/", "debian/", "systemd/"]
        for document in Self.documents {
            let named = Self.code(in: SourceTree.text(of: document)[...]).map { String($0.prefix { $0 != " " }) }
                .filter { path in folders.contains { path.hasPrefix($0) } && !path.hasSuffix("/NameCommand.swift") }
            #expect(named.filter { !Self.exists($0) } == [], "\(document)")
        }
    }

    @Test func `no name of a model or a host stands in the translation of a request`() {
        let lines = SourceTree.files.filter { $0.path.hasPrefix("Translation/Request/") }
            .flatMap { $0.text.split(separator: "\n") }.filter { !$0.contains("//") }
        let names = ["qwen", "aliyun", "dashscope", "openrouter", "deepseek"]
        #expect(lines.count > 1000)
        #expect(lines.filter { line in names.contains { line.lowercased().contains($0) } } == [])
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

    /// The rows of the tables of a text, as their cells, without the headings.
    private static func rows(of text: Substring) -> [[Substring]] {
        text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map { row in
            row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        }
    }

    /// What stands between back quotes.
    private static func code(in cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }

    @Test func `every limit that SECURITY.md names has its place and its test`() {
        let rows = Self.rows(of: Self.section("Limits", of: SourceTree.text(of: "SECURITY.md")))
        #expect(rows.count > 20 && rows.allSatisfy { $0.count == 4 })
        let tests = SourceTree.tests.joined()
        let named = rows.map { Self.code(in: $0[3]) }
        #expect(named.allSatisfy { !$0.isEmpty })
        #expect(named.joined().filter { !tests.contains("func `\($0)`(") } == [])
        let sources = SourceTree.files.map(\.text).joined()
        let places = rows.flatMap { Self.code(in: $0[2]) }
        let settings = places.filter { $0.first?.isLowercase == true }
        #expect(settings.filter { !sources.contains("\"\($0)\", \"QWEN_") } == [])
        let types = places.filter { $0.first?.isUppercase == true }.map { $0.prefix { $0 != "." } }
        let isDeclared = { (type: Substring) in
            ["struct", "enum", "class"].map { "\($0) \(type)" }.contains {
                sources.contains($0 + " ") || sources.contains($0 + ":")
            }
        }
        #expect(types.count > 10 && types.filter { !isDeclared($0) } == [])
    }

    @Test(arguments: ["qwenproxyd.service", "qwenproxyd@.service"])
    func `the units have the limits that SECURITY.md names`(unit: String) {
        let lines = SourceTree.text(of: "systemd/\(unit)").split(separator: "\n")
        for setting in ["LimitNOFILE=", "MemoryHigh=", "MemoryMax=", "LimitCORE=0"] {
            #expect(lines.contains { $0.hasPrefix(setting) }, "\(setting)")
        }
    }

    /// There is no telemetry, no crash report and no look for updates.
    @Test func `the programs name no other machine than the vendor's own`() {
        let lines = SourceTree.files.flatMap { $0.text.split(separator: "\n") }
            .filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        let hosts = lines.flatMap { $0.matches(of: /https?:\/\/([a-z0-9.-]+\.[a-z]+)/).map { String($0.1) } }
        #expect(Set(hosts) == ["chat.qwen.ai", "portal.qwen.ai"])
    }

    @Test func `dependencies have exact versions`() {
        let lines = SourceTree.text(of: "Package.swift").split(separator: "\n").filter { $0.contains(".package(url:") }
        #expect(!lines.isEmpty)
        #expect(lines.filter { !$0.contains(", exact: \"") } == [])
    }
}

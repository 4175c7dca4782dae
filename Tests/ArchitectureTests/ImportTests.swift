// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The arrows between the rooms that the package's targets cannot express, read from the sources.
@Suite struct ImportTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    /// A module and the one folder that may import it.
    private static let onlyImporters = [
        "CCurl": "qwenproxyd/Upstream/Curl/",
        "CCrypto": "qwenproxyd/Credentials/",
        "CSystemd": "qwenproxyd/Systemd/",
        "CInotifyTools": "qwenproxyd/Credentials/",
        "TOMLKit": "qwenproxyd/Configuration/",
        "ServiceLifecycle": "qwenproxyd/Daemon/",
        "UnixSignals": "qwenproxyd/Daemon/",
        "NIOHTTP1": "qwenproxyd/Server/",
    ]

    /// What a room must not know: modules, and types of other rooms.
    private static let forbidden: [(room: String, words: [String])] = [
        ("Translation/", ["import Foundation", "import NIO", "import Glibc", "import Synchronization"]),
        ("Shared/", ["import Foundation\n", "import NIO", "import Logging"]),
        ("qwenproxyd/Server/", ["import Translation", "MessagesAPIError", "UpstreamClient", "ConfigurationStore"]),
        ("qwenproxyd/Upstream/Curl/", ["import NIO", "import Translation", "ResponseWriter", "CredentialStore"]),
        ("qwenproxyd/Configuration/", ["import NIO", "HTTPServer", "CredentialStore", "UpstreamClient"]),
        ("qwenproxyd/Metrics/", ["import NIO", "import Translation", "Configuration"]),
        ("qwenproxyd/", ["import Foundation\n"]),
    ]

    private static func files(below room: String) throws -> [(path: String, text: String)] {
        let root = self.sources.appendingPathComponent(room)
        let paths = try #require(FileManager.default.enumerator(atPath: root.path))
        return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map {
            (room + $0, try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8))
        }
    }

    @Test(arguments: ImportTests.onlyImporters.keys.sorted())
    func `a library has one room that knows it`(module: String) throws {
        let room = try #require(Self.onlyImporters[module])
        let importers = try Self.files(below: "").filter { $0.text.contains("import \(module)\n") }.map(\.path)
        #expect(!importers.isEmpty)
        #expect(importers.filter { !$0.hasPrefix(room) } == [])
    }

    @Test(arguments: ImportTests.forbidden.indices)
    func `a room does not know what it must not know`(index: Int) throws {
        let (room, words) = Self.forbidden[index]
        let files = try Self.files(below: room)
        #expect(!files.isEmpty)
        for file in files {
            for word in words where file.text.contains(word) {
                Issue.record("\(file.path) contains `\(word.trimmingCharacters(in: .newlines))`")
            }
        }
    }

    @Test func `no file has grown past its room`() throws {
        let lengths = try Self.files(below: "").map { file in
            (file.path, file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
        }
        #expect(lengths.filter { $0.1 > 600 }.map(\.0) == [])
        let sorted = lengths.map(\.1).sorted()
        #expect(sorted[sorted.count / 2] <= 150)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `make install` and `make uninstall`, with other programs in the place of ours, so that nothing is built.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make"), "needs make"))
struct InstallationTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private let home: TemporaryDirectory
    private let products: String

    init() throws {
        self.home = try TemporaryDirectory("install")
        self.products = try self.home.makeDirectory("products")
        for name in ["qwenproxyd", "qwenproxyctl"] {
            try FileManager.default.copyItem(atPath: "/usr/bin/true", toPath: "\(self.products)/\(name)")
        }
        // What make asks of the toolchain is where the programs are.
        try self.home.write("#!/bin/sh\necho '\(self.products)'\n", to: "swift")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: self.home.path("swift"))
        try self.home.makeDirectory("user")
        try self.home.makeDirectory("system")
    }

    private func make(_ goal: String, _ variables: [String]) async throws {
        let outcome = try await ChildProcess(
            "/usr/bin/make",
            ["--no-print-directory", "--old-file=programs", goal, "SWIFT=\(self.home.path("swift"))"] + variables,
            environment: ["HOME": self.home.path("user"), "PATH": "/usr/bin:/bin"], directory: Self.root.path
        ).outcome(within: .seconds(180))
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
    }

    /// Below a directory, without the directories.
    private func files(in name: String) -> Set<String> {
        let path = self.home.path(name)
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return Set(
            names.filter { file in
                let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
                return attributes?[.type] as? FileAttributeType == .typeRegular
            })
    }

    @Test func `what is installed for the system is taken away again`() async throws {
        let variables = ["DESTDIR=\(self.home.path("system"))"]
        try await self.make("install", variables)
        let files = self.files(in: "system")
        let expected: Set = [
            "usr/local/bin/qwenproxyd", "usr/local/bin/qwenproxyctl", "usr/local/share/qwenproxyd/catalog.json",
            "usr/local/share/man/man8/qwenproxyd.8", "usr/local/lib/systemd/user/qwenproxyd.service",
            "usr/local/lib/systemd/system/qwenproxyd@.service",
        ]
        #expect(expected.subtracting(files) == [])
        let unit = self.home.text("system/usr/local/lib/systemd/user/qwenproxyd.service") ?? ""
        #expect(unit.contains("ExecStart=/usr/local/bin/qwenproxyd\n"))
        try await self.make("uninstall", variables)
        #expect(self.files(in: "system") == [])
    }

    @Test func `what is installed into a home directory is taken away again, and needs no root`() async throws {
        try await self.make("install", ["PREFIX=~/.local"])
        let files = self.files(in: "user")
        #expect(files.contains(".local/share/systemd/user/qwenproxyd.service"))
        #expect(files.allSatisfy { $0.hasPrefix(".local/") && !$0.contains("@") }, "\(files)")
        try await self.make("uninstall", ["PREFIX=~/.local"])
        #expect(self.files(in: "user") == [])
    }
}

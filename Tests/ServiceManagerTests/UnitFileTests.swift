// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

private let program = "/usr/bin/systemd-analyze"

/// systemd's own opinion on our units. It warns and returns 0 on an unknown key, so its silence is what counts.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: program), "systemd-analyze is installed"))
struct UnitFileTests {
    private static let user = ["qwenproxyd.service", "qwenproxyd.socket", "qwenproxyd-control.socket"]
    private static let system = ["qwenproxyd@.service", "qwenproxyd@.socket", "qwenproxyd-control@.socket"]

    @Test(arguments: [("--user", Self.user), ("--system", Self.system)])
    func `systemd-analyze has nothing to say`(manager: String, units: [String]) async throws {
        try await Self.withUnits(units) { directory in
            let files = units.map { directory + "/" + $0.replacing("@.", with: "@tester.") }
            let (status, text) = try await Self.analyze([manager, "--man=no", "verify"] + files, in: directory)
            #expect(text == "")
            #expect(status == 0)
        }
    }

    /// The exposure that systemd computes from the hardening options, from 0 (none) to 10. In a user manager most options
    /// have no effect, so those are not set and the figure stays high.
    @Test(arguments: [("--user", "qwenproxyd.service", 66), ("--system", "qwenproxyd@.service", 20)])
    func `the security score does not get worse`(manager: String, unit: String, limit: Int) async throws {
        try await Self.withUnits([unit]) { directory in
            let (status, text) = try await Self.analyze(
                [
                    manager, "security", "--no-pager", "--offline=true", "--threshold=\(limit)",
                    directory + "/" + unit.replacing("@.", with: "@tester."),
                ], in: directory)
            #expect(status == 0, "\(text)")
        }
    }

    /// With the units in a directory of their own; a template as an instance of itself.
    private static func withUnits(_ units: [String], _ body: (String) async throws -> Void) async throws {
        let files = FileManager.default
        let directory = files.temporaryDirectory.appending(path: "qwenproxyd-units-\(UUID().uuidString)")
        try files.createDirectory(at: directory, withIntermediateDirectories: false)
        defer { try? files.removeItem(at: directory) }
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for unit in units {
            let text = try String(contentsOf: repository.appending(path: "systemd/\(unit)"), encoding: .utf8)
            // The programs must exist for the check, and need not be installed where the tests run.
            let installed = text.replacing(/\/usr\/bin\/qwenproxy(d|ctl)/, with: "/usr/bin/true")
            for name in Set([unit, unit.replacing("@.", with: "@tester.")]) {
                try installed.write(to: directory.appending(path: name), atomically: false, encoding: .utf8)
            }
        }
        try await body(directory.path)
    }

    private static func analyze(
        _ arguments: [String], in directory: String
    ) async throws -> (status: Int32, text: String) {
        let outcome = try await ChildProcess.run(
            program, arguments,
            environment: [
                "XDG_RUNTIME_DIR": directory, "HOME": directory, "SYSTEMD_UNIT_PATH": "\(directory):",
            ])
        return (outcome.status, outcome.output + outcome.errorOutput)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

private let analyze = "/usr/bin/systemd-analyze"

/// systemd's own opinion on our units. It warns and returns 0 on an unknown key, so its silence is what counts.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: analyze), "systemd-analyze is installed"))
struct UnitFileTests {
    @Test func `systemd-analyze has nothing to say`() throws {
        let files = FileManager.default
        let directory = files.temporaryDirectory.appending(path: "qwenproxyd-units-\(UUID().uuidString)")
        try files.createDirectory(at: directory, withIntermediateDirectories: false)
        defer { try? files.removeItem(at: directory) }
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let units = ["qwenproxyd.service", "qwenproxyd.socket", "qwenproxyd-control.socket"]
        for unit in units {
            let text = try String(contentsOf: repository.appending(path: "systemd/\(unit)"), encoding: .utf8)
            // The programs must exist for the check, and need not be installed where the tests run.
            try text.replacing(/\/usr\/bin\/qwenproxy(d|ctl)/, with: "/usr/bin/true")
                .write(to: directory.appending(path: unit), atomically: false, encoding: .utf8)
        }
        let process = Process()
        process.executableURL = URL(filePath: analyze)
        process.arguments = ["--user", "--man=no", "verify"] + units.map { directory.appending(path: $0).path }
        process.environment = [
            "XDG_RUNTIME_DIR": directory.path, "HOME": directory.path, "SYSTEMD_UNIT_PATH": "\(directory.path):",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text == "")
        #expect(process.terminationStatus == 0)
    }
}

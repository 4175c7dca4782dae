// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// A script that runs beside a real service manager, with the files of the package that `make deb` built.
struct SystemScenario {
    /// What runs around the script.
    enum Surroundings: String {
        /// A user's service manager and a journald, on this machine.
        case userManager = "user-manager"
        /// A minimal system, booted in a container.
        case machine
    }

    let surroundings: Surroundings
    let script: String
    var arguments: [String] = []

    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    private static let turnstile = Turnstile(places: 1)

    /// `make test` builds it where it can.
    static let package = ProcessInfo.processInfo.environment["QWENPROXYD_TEST_DEB"].flatMap { $0.isEmpty ? nil : $0 }

    /// In CI a missing package is a failure, not a reason to skip.
    static let isPossible = (package != nil && geteuid() == 0) || ExternalPrograms.isContinuousIntegration

    /// One after the other: they measure times.
    func run(within limit: Duration = .seconds(120)) async throws {
        let package = try #require(Self.package, "CI has to build the package: make test")
        try await Self.turnstile.pass {
            let files = try TemporaryDirectory("deb")
            switch self.surroundings {
            case .userManager:
                let extraction = try await ChildProcess(
                    "/usr/bin/dpkg-deb", ["--extract", package, files.path], environment: Self.environment
                ).outcome()
                try #require(extraction.status == 0, "\(extraction.errorOutput)")
            case .machine:
                try FileManager.default.copyItem(
                    atPath: package, toPath: files.path(URL(filePath: package).lastPathComponent))
            }
            let script = Self.directory.appending(path: "Scenarios/\(self.script)").path
            let outcome = try await ChildProcess(
                Self.directory.appending(path: self.surroundings.rawValue).path, [files.path, script] + self.arguments,
                environment: Self.environment
            ).outcome(within: limit)
            #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errorOutput)")
            if outcome.status == 0, !outcome.output.isEmpty { print(outcome.output, terminator: "") }
        }
    }

    private static let environment = {
        let inherited = ["HOME", "QWENPROXYD_TEST_CLAUDE", "SYSTEM_TEST_SUITE", "SYSTEM_TEST_MIRROR"]
        let all = ProcessInfo.processInfo.environment.filter { inherited.contains($0.key) }
        return all.merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"]) { $1 }
    }()
}

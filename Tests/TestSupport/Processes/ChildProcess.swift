// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A program under test: started with exactly the environment given, its output in files, its end awaited without
/// polling. Dies with its last reference.
public final class ChildProcess: Sendable {
    public struct Outcome: Sendable {
        /// The exit status, or 128 plus the signal's number.
        public var status: Int32
        public var output: String
        public var errorOutput: String
        public var duration: Duration
    }

    private let program: SpawnedProgram
    private let name: String
    private let exits = Journal<Int32>()
    private let files: TemporaryDirectory
    private let start = ContinuousClock.now

    public var identifier: Int32 { self.program.identifier }
    public var output: String { self.files.text("stdout") ?? "" }
    public var errorOutput: String { self.files.text("stderr") ?? "" }
    public var isRunning: Bool { self.exits.count == 0 }

    public init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String? = nil
    ) throws {
        self.files = try TemporaryDirectory("out")
        self.name = URL(filePath: executable).lastPathComponent
        let exits = self.exits
        self.program = try SpawnedProgram(
            executable, arguments, environment: environment, directory: directory,
            output: .file(self.files.path("stdout")), errorOutput: .file(self.files.path("stderr")),
            whenEnded: { exits.append($0) })
    }

    /// Runs a program to its end, in our own environment unless it is given one.
    public static func run(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil,
    ) async throws -> Outcome {
        try await ChildProcess(
            executable, arguments, environment: environment ?? ProcessInfo.processInfo.environment
        ).outcome()
    }

    deinit {
        self.program.send(SIGKILL)
    }

    public func send(_ signal: Int32) {
        self.program.send(signal)
    }

    /// Waits for the end; after `limit` the program is killed and the wait throws.
    @discardableResult
    public func outcome(within limit: Duration = .seconds(60)) async throws -> Outcome {
        let status: Int32
        do {
            status = try await self.exits.entry(at: 0, "end of \(self.name)", within: limit)
        } catch let error as DeadlineExceeded {
            // Its children as well: the program leads a process group.
            Glibc.kill(-self.identifier, SIGKILL)
            throw error
        }
        return Outcome(
            status: status,
            output: self.output,
            errorOutput: self.errorOutput,
            duration: ContinuousClock.now - self.start,
        )
    }
}

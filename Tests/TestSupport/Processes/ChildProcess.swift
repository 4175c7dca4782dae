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

    private let process: Process
    private let exits = Journal<Int32>()
    private let files: TemporaryDirectory
    private let start = ContinuousClock.now

    public var identifier: Int32 { self.process.processIdentifier }
    public var output: String { self.files.text("stdout") ?? "" }
    public var errorOutput: String { self.files.text("stderr") ?? "" }
    public var isRunning: Bool { self.exits.count == 0 }

    public init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String? = nil
    ) throws {
        self.files = try TemporaryDirectory("out")
        self.process = Process()
        self.process.executableURL = URL(fileURLWithPath: executable)
        self.process.arguments = arguments
        self.process.environment = environment
        self.process.standardInput = FileHandle.nullDevice
        self.process.standardOutput = try Self.file(self.files.path("stdout"))
        self.process.standardError = try Self.file(self.files.path("stderr"))
        if let directory { self.process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let exits = self.exits
        self.process.terminationHandler = { process in
            let code = process.terminationStatus
            exits.append(process.terminationReason == .uncaughtSignal ? 128 + code : code)
        }
        try self.process.run()
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
        if self.isRunning { Glibc.kill(self.process.processIdentifier, SIGKILL) }
    }

    public func send(_ signal: Int32) {
        guard self.isRunning else { return }
        Glibc.kill(self.process.processIdentifier, signal)
    }

    /// Waits for the end; after `limit` the program is killed and the wait throws.
    @discardableResult
    public func outcome(within limit: Duration = .seconds(60)) async throws -> Outcome {
        let status: Int32
        do {
            status = try await self.exits.entry(
                at: 0, "the end of \(self.process.executableURL?.lastPathComponent ?? "")", within: limit)
        } catch let error as DeadlineExceeded {
            // Its children as well: the program was made the leader of a process group.
            Glibc.kill(-self.process.processIdentifier, SIGKILL)
            throw error
        }
        return Outcome(
            status: status,
            output: self.output,
            errorOutput: self.errorOutput,
            duration: ContinuousClock.now - self.start,
        )
    }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}

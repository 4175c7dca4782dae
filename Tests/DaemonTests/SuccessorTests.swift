// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import qwenproxyd

/// The hand-over to programs that are not quite a successor.
@Suite struct SuccessorTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "qp-s-\(UUID().uuidString)")

    private func start(_ script: String) throws -> Successor {
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let program = self.directory.appending(path: "successor")
        // Without sockets, the link is its descriptor 3.
        try "#!/bin/sh\n\(script)\n".write(to: program, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        while true {
            do throws(Successor.Failure) {
                return try Successor.start(program.path, sockets: []) { _ in ["PATH": "/usr/bin:/bin"] }
            } catch {
                // Another test's child has the file open for writing, until it runs its own program.
                guard error.reason.contains("Text file busy") else { throw error }
            }
        }
    }

    private func takeOver(
        _ successor: Successor, _ commit: @Sendable (String) async throws(Successor.Failure) -> Void = { _ in },
    ) async throws -> String {
        defer { try? FileManager.default.removeItem(at: self.directory) }
        return try await successor.takeOver(
            within: .seconds(60), group: MultiThreadedEventLoopGroup.singleton, commit: commit)
    }

    /// Whether the process is there, and no zombie that its parent has not noticed.
    private func runs(_ process: CInt) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return status.map { !$0.contains(") Z ") } ?? false
    }

    @Test func `once the sockets have moved, a successor that no longer listens is not killed`() async throws {
        let successor = try self.start("printf 'ready 9\\0' >&3; exec 3>&-; exec sleep infinity")
        defer { kill(successor.processID, SIGKILL) }
        #expect(try await self.takeOver(successor) == "9")
        #expect(self.runs(successor.processID))
    }

    @Test(arguments: ["printf 'ready 9\\0' >&3; exec sleep infinity", "printf 'failed no\\0' >&3; exec sleep infinity"])
    func `before that, one that is not to serve ends`(script: String) async throws {
        let successor = try self.start(script)
        await #expect(throws: Successor.Failure.self) {
            _ = try await self.takeOver(successor) { _ throws(Successor.Failure) in
                throw Successor.Failure(reason: "stopping")
            }
        }
        let end = ContinuousClock.now + .seconds(30)
        while self.runs(successor.processID) { try #require(ContinuousClock.now < end) }
    }

    @Test func `one that ends by itself is a failure`() async throws {
        let successor = try self.start("exit 0")
        await #expect(throws: Successor.Failure.self) { _ = try await self.takeOver(successor) }
    }
}

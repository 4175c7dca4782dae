// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs a program to its end.
enum ChildProcess {
    struct Output: Sendable {
        var exitStatus: Int32
        var standardOutput: String
        var standardError: String
    }

    static func run(
        _ path: String, _ arguments: [String], environment: [String: String]? = nil,
    ) async throws -> Output {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let environment { process.environment = environment }
        // Files rather than pipes, which a long help text fills while nobody reads.
        let output = try Self.temporaryFile()
        let error = try Self.temporaryFile()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = error
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Output(
            exitStatus: status, standardOutput: try Self.text(of: output), standardError: try Self.text(of: error))
    }

    /// Without a name, so that it is gone when it is closed.
    private static func temporaryFile() throws -> FileHandle {
        let path = NSTemporaryDirectory() + "qwp-" + UUID().uuidString
        guard FileManager.default.createFile(atPath: path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try FileHandle(forUpdating: URL(filePath: path))
    }

    private static func text(of file: FileHandle) throws -> String {
        try file.seek(toOffset: 0)
        return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }
}

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
        let output = Pipe()
        let error = Pipe()
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
        // What these programs print fits into a pipe, so it can be read afterwards.
        return Output(
            exitStatus: status,
            standardOutput: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            standardError: String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
        )
    }
}

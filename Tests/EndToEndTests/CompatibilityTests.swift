// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The table of what becomes of a request, against the types of the official Python client that is installed.
@Suite(
    .enabled(
        if: ExternalPrograms.python != nil || ExternalPrograms.isContinuousIntegration,
        "needs the anthropic package: make test"))
struct CompatibilityTests {
    private static func check(_ arguments: [String] = []) async throws -> ChildProcess.Outcome {
        let python = try #require(ExternalPrograms.python, "CI has to provide the anthropic package")
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let script = tests.joined(separator: "/") + "/Compatibility/compat.py"
        // The types are many files: most of the time goes into reading them, and a busy machine takes its time.
        return try await ChildProcess(
            python, [script, "check"] + arguments, environment: ProcessInfo.processInfo.environment
        ).outcome(within: .seconds(300))
    }

    @Test func `every name in the types has its row, and the document is made of the table`() async throws {
        let outcome = try await Self.check()
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)")
        #expect(lines.count == 2)
        #expect(lines.filter { !$0.hasPrefix("ok ") } == [])
    }

    @Test func `new names in the types are noticed`() async throws {
        let names = ["request.invented", "block.invented", "block.text.invented", "event.invented", "tool.invented"]
        let outcome = try await Self.check(names.flatMap { ["--also", $0] })
        #expect(outcome.status == 1)
        for name in names {
            #expect(outcome.output.contains("FAILED types: \(name) is in 0 rows\n"), "\(outcome.output)")
        }
    }
}

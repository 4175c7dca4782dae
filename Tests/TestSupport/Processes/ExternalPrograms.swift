// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Programs that the tests need and that do not come with the system: `make test-deps` fetches them, the environment
/// says where they are. Without them the tests that need them are skipped, except in CI, where that is a failure.
public enum ExternalPrograms {
    /// A Python with the official `anthropic` client.
    public static var python: String? { Self.variable("QWENPROXYD_TEST_PYTHON") }
    /// Claude Code itself.
    public static var claude: String? { Self.variable("QWENPROXYD_TEST_CLAUDE") }
    public static var isContinuousIntegration: Bool { Self.variable("CI") == "true" }

    /// The path of a script of `Tests/Python`.
    public static func script(_ name: String) -> String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
            + "/Python/\(name)"
    }

    private static func variable(_ name: String) -> String? {
        let value = ProcessInfo.processInfo.environment[name] ?? ""
        return value.isEmpty ? nil : value
    }
}

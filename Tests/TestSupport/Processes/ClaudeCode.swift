// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The real command line client, run once, in a home that holds nothing.
public struct ClaudeCode: Sendable {
    public let executable: String
    public var extraEnvironment: [String: String] = [:]
    public var extraArguments: [String] = []
    /// What it may do without asking.
    public var allowedTools = "Bash Read Write Edit Glob Grep Agent ToolSearch CronList ListAgents"

    public init(executable: String) {
        self.executable = executable
    }

    /// Lets the model play `scenario` in `work`, which is where the tools leave their files.
    public func play(
        _ scenario: Scenario, through daemon: DaemonProcess, in work: TemporaryDirectory,
        within limit: Duration = .seconds(120)
    ) async throws -> ChildProcess.Outcome {
        try await self.run(Situation.prompt(scenario, in: work.path), baseURL: daemon.baseURL, in: work, within: limit)
    }

    /// - Parameter home: where the client keeps its sessions, for one that is continued.
    public func run(
        _ prompt: String, baseURL: String, in work: TemporaryDirectory, home: TemporaryDirectory? = nil,
        within limit: Duration = .seconds(120)
    ) async throws -> ChildProcess.Outcome {
        let home = try home ?? TemporaryDirectory("home")
        var environment = [
            "HOME": home.path, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
            "ANTHROPIC_BASE_URL": baseURL, "ANTHROPIC_API_KEY": "sk-local-test",
        ]
        environment.merge(self.extraEnvironment) { _, ours in ours }
        let child = try ChildProcess(
            self.executable,
            ["-p", prompt, "--allowedTools", self.allowedTools] + self.extraArguments,
            environment: environment,
            directory: work.path,
        )
        // The home has to outlive the run.
        defer { withExtendedLifetime(home) {} }
        return try await child.outcome(within: limit)
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl env`
struct EnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Prints what makes Claude Code use the daemon, for the shell to evaluate.",
        discussion: """
            eval "$(qwenproxyctl env)" in sh, bash and zsh; qwenproxyctl env --fish | source in fish.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print it for fish.")
    var fish = false

    @Flag(help: "Print it as a JSON object; null takes a variable away.")
    var json = false

    func validate() throws {
        guard !self.fish || !self.json else { throw ValidationError("Choose one of --fish and --json.") }
    }

    func run() throws {
        let environment = try self.daemon.call { client throws(ControlError) in try client.clientEnvironment() }
        let syntax: ShellSyntax = self.fish ? .fish : .posix
        guard !self.json else {
            return Terminal.print(
                json: JSONText.pretty(Dictionary(environment.variables.map { ($0.name, $0.value) }) { $1 }))
        }
        // A line feed inside quotes is as good as any other character.
        Terminal.print(
            script: environment.variables.map { syntax.statement($0.name, $0.value) }.joined(separator: "\n"))
    }
}

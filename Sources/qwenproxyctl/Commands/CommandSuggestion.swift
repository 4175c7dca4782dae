// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// Which command was meant by one that does not exist.
enum CommandSuggestion {
    /// Nil when every command is there, and the mistake is another one.
    static func message(for arguments: [String], of root: any ParsableCommand.Type = Qwenproxyctl.self) -> String? {
        var path = ["qwenproxyctl"]
        var command = root
        for argument in arguments {
            let parts = command.configuration.subcommands
            // From here on these are options and arguments, about which the parser says what is wrong.
            guard !parts.isEmpty, !argument.hasPrefix("-") else { return nil }
            guard let next = parts.first(where: { $0.configuration.commandName == argument.lowercased() }) else {
                return Self.message(for: argument, among: parts, after: path)
            }
            path.append(argument)
            command = next
        }
        return nil
    }

    private static func message(
        for argument: String, among commands: [any ParsableCommand.Type], after path: [String],
    ) -> String? {
        // `token` alone is a command, and what follows it may be an argument of its own.
        guard argument != "help" else { return nil }
        let names = commands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
        guard !names.contains(argument) else { return nil }
        let place = path.joined(separator: " ")
        let meant = NameSuggestion.nearest(to: argument, among: names).map { " Did you mean \"\(place) \($0)\"?" }
        return "There is no command \"\(argument)\".\(meant ?? "") \"\(place) --help\" has them all."
    }
}

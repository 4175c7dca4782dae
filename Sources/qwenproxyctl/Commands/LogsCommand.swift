// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Shared

/// `qwenproxyctl logs`
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Shows the daemon's log from the journal.",
        discussion: """
            It runs journalctl: for your own daemon, whichever service manager runs it, or as root for every user's. A daemon in the foreground logs to its \
            terminal instead. The request's name is the "request-id" header of each answer.
            """,
    )

    @Flag(name: [.short, .long], help: "Go on as more is logged.")
    var follow = false

    @Option(help: ArgumentHelp("Only what is about this request.", valueName: "id"))
    var request: String?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Only the last so many lines.", valueName: "number"))
    var lines: Int?

    // A time may begin with a minus.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only from then on, such as \"today\", \"-1h\" or \"2027-01-31 12:00\".", valueName: "time"))
    var since: String?

    @Flag(help: "Print each entry with all its fields as a line of JSON.")
    var json = false

    func validate() throws {
        guard self.lines.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("There are no negative numbers of lines.")
        }
        // Anything else would be another match for journalctl.
        let isName = self.request?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        guard isName ?? true, self.request?.isEmpty != true else {
            throw ValidationError("That is not the name of a request, such as req_0123456789.")
        }
    }

    func run() throws {
        guard let journalctl = ExternalProgram(named: "journalctl") else {
            throw ExitStatus.programMissing.exit(
                saying: "There is no \"journalctl\" on the search path (PATH): logs are read from systemd's journal.")
        }
        do {
            try journalctl.replaceProcess(self.arguments(units: geteuid() == 0 ? nil : .current))
        } catch {
            throw ExitStatus.programFailed.exit(saying: "\(journalctl.path) could not be run: \(error.reason)")
        }
    }

    /// - Parameter units: whose log it is; nil for root, who asks for all daemons: "--user" would show his own only.
    func arguments(units: DaemonUnits?) -> [String] {
        var arguments = units.map { $0.managerOption + ["--unit=\($0.service)"] } ?? ["--identifier=qwenproxyd"]
        // Else it points out that the rest of the system's journal is not this user's to read.
        if case .system = units { arguments.append("--quiet") }
        if self.follow { arguments.append("--follow") }
        if let lines = self.lines { arguments.append("--lines=\(lines)") }
        if let since = self.since { arguments.append("--since=\(since)") }
        if self.json { arguments.append("--output=json") }
        if let request = self.request { arguments.append("REQUEST_ID=\(request)") }
        return arguments
    }
}

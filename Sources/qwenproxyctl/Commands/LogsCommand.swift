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
            It runs journalctl: for your own daemon, whichever service manager runs it, or as root for every user's. A \
            daemon in the foreground logs to its terminal instead. The request's name is the "request-id" header of each answer.
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
        let units: DaemonUnits? = geteuid() == 0 ? nil : .current
        do throws(ExternalProgram.Failure) {
            // journalctl's pager cuts long lines off unless it is told otherwise: less(1), without -S.
            if ProcessEnvironment.value("SYSTEMD_LESS") == nil { ProcessEnvironment.set("SYSTEMD_LESS", to: "FRXMK") }
            var cursor: String?
            if let search = self.cursorArguments(units: units) { cursor = Self.cursor(try journalctl.run(search)) }
            try journalctl.replaceProcess(self.arguments(units: units, cursor: cursor))
        } catch {
            throw ExitStatus.programFailed.exit(saying: "\(journalctl.path) could not be run: \(error.reason)")
        }
    }

    /// Finds where the last lines begin.
    func cursorArguments(units: DaemonUnits?) -> [String]? {
        // With both --since and --lines, journalctl shows the first lines, not the last.
        guard let since = self.since, let lines = self.lines else { return nil }
        let window = ["--since=\(since)", "--lines=\(lines)", "--reverse", "--quiet", "--show-cursor", "--output=cat"]
        return Self.origin(units) + window + self.requestMatch
    }

    static func cursor(_ output: ExternalProgram.Output) -> String? {
        output.text.split(separator: "\n").last { $0.hasPrefix("-- cursor: ") }.map { String($0.dropFirst(11)) }
    }

    /// - Parameter units: the units whose log it is; nil for root, who asks for all daemons: "--user" would show root's only.
    /// - Parameter cursor: where to begin, in place of a time and a number of lines.
    func arguments(units: DaemonUnits?, cursor: String? = nil) -> [String] {
        var arguments = Self.origin(units)
        // Else it points out that the rest of the system's journal is not this user's to read.
        if case .system = units { arguments.append("--quiet") }
        if self.follow { arguments.append("--follow") }
        if let cursor {
            arguments += ["--cursor=\(cursor)"] + (self.follow ? ["--no-tail"] : [])
        } else {
            if let lines = self.lines { arguments.append("--lines=\(lines)") }
            if let since = self.since { arguments.append("--since=\(since)") }
        }
        if self.json { arguments.append("--output=json") }
        return arguments + self.requestMatch
    }

    private static func origin(_ units: DaemonUnits?) -> [String] {
        // `--user --unit=`, and not `--user-unit=`, which filters by the caller's own user id.
        units.map { $0.managerOption + ["--unit=\($0.service)"] } ?? ["--identifier=qwenproxyd"]
    }

    private var requestMatch: [String] { self.request.map { ["REQUEST_ID=\($0)"] } ?? [] }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl monitor`
struct MonitorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Shows the requests that are running, until it is told to stop.",
        discussion: """
            On a terminal it takes the whole screen; q or Ctrl-C ends it. Anywhere else, and with --json, each report is \
            one line of JSON. Output tokens are estimated while an answer runs.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Option(help: ArgumentHelp("How often to look, in seconds.", valueName: "seconds"))
    var interval: Double = 1

    @Flag(help: "Print each report as a line of JSON.")
    var json = false

    func validate() throws {
        guard (0.1...60).contains(self.interval) else {
            throw ValidationError("The interval must be from 0.1 to 60 seconds.")
        }
    }

    func run() throws {
        try self.daemon.call { client throws(ControlError) in try self.monitor(client) }
    }

    private func monitor(_ client: ControlClient) throws(ControlError) {
        let milliseconds = Int(self.interval * 1000)
        do {
            guard self.json || !Terminal.isOutputTerminal || !Terminal.isInputTerminal else {
                return try Self.show(client, every: milliseconds)
            }
            // After a hand-over, the new process goes on with the story.
            while try client.monitor(every: milliseconds, { Terminal.print(json: JSONText.line($0)) }).state
                == .replaced
            {}
        } catch .connection(.hungUp(let path)) {
            // It has answered, and now it does not.
            throw .connection(.notRunning(tried: [.init(path: path, reason: "qwenproxyd has stopped")]))
        }
    }

    private static func show(_ client: ControlClient, every milliseconds: Int) throws(ControlError) {
        // Before the screen is taken, so that an error is read where it was asked.
        var replies = try client.openMonitor(every: milliseconds)
        var report = try replies.next().parameters
        guard let screen = FullScreen() else {
            throw .connection(.system(path: "the terminal", reason: SystemError.last))
        }
        var rates = RateMeter()
        while true {
            rates.receive(report.live + (report.predecessors ?? []).flatMap(\.live))
            var isCurrent = true
            // Drawn again after each event: a new size needs another picture of the same report.
            while isCurrent {
                let size = Terminal.size ?? (rows: 24, columns: 80)
                screen.draw(
                    MonitorScreen(report: report, rates: rates, rows: size.rows, columns: size.columns).lines)
                switch screen.wait(watching: replies.descriptor) {
                case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .ended:
                    return
                case .key, .resized:
                    break
                case .readable:
                    // A part of a report may have come, which is no reason to wait with the keys unread.
                    guard let next = try replies.nextIfReady() else { break }
                    isCurrent = false
                    guard next.isLast, next.parameters.state == .replaced else {
                        report = next.parameters
                        break
                    }
                    replies = try client.openMonitor(every: milliseconds)
                    report = try replies.next().parameters
                }
            }
        }
    }
}

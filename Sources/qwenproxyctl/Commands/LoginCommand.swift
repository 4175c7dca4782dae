// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl login`
struct LoginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Logs in to Qwen, on a web page that you confirm anywhere.",
        discussion: """
            The login is written where qwen-code has it, and both use it. Qwen's free OAuth tier was closed in April 2026: \
            a login may succeed and its token be refused all the same. "qwenproxyctl upstream add" sets up an API key.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Do not open the page in a browser, which is done where there is a display.")
    var noBrowser = false

    @Flag(help: "Do not show a QR code for a telephone, which is done on a terminal without a display.")
    var noQr = false

    @Flag(help: "Print each step as a line of JSON, and open nothing.")
    var json = false

    func run() throws {
        // Before its first report the daemon has to ask the authorization server for a code.
        let report = try self.daemon.call(atLeast: .seconds(60)) { client throws(ControlError) in
            try client.login { self.show($0) }
        }
        self.show(report)
    }

    private func show(_ report: LoginReport) {
        if self.json { return Terminal.print(json: JSONText.line(report)) }
        switch report.state {
        case .waiting: self.invite(report)
        case .done: Terminal.print(Self.result(report))
        }
    }

    private func invite(_ report: LoginReport) {
        let address = report.verificationURIComplete ?? report.verificationURI ?? ""
        Terminal.print(Self.invitation(report))
        let limit = report.expiresAt.map { " until \(LocalTime.text($0))" } ?? ""
        let waiting = "Waiting\(limit). Ctrl-C gives up."
        if !self.noBrowser, let browser = Browser() {
            browser.open(address)
        } else if !self.noQr, Terminal.isOutputTerminal, let code = QRCode(address),
            code.width <= Terminal.size?.columns ?? 80
        {
            // The code may take the whole screen, and the address with it: it is said once more. On 24 rows there is room for both
            // without any empty space.
            let lines = code.lines()
            let isTight = lines.count + Self.rowsBesideCode > Terminal.size?.rows ?? 24
            let gap = isTight ? "" : "\n"
            Terminal.print("")
            for line in isTight ? code.lines(margin: QRCode.narrowMargin) : lines {
                Terminal.control(Self.coloured(line) + "\n")
            }
            return Terminal.print("\(gap)    \(address)\n\(gap)\(waiting)")
        }
        Terminal.print("\n\(waiting)")
    }

    /// Two empty ones, the address, what is waited for, and the cursor.
    private static let rowsBesideCode = 5

    /// White on black, whatever the terminal's own colours are.
    private static func coloured(_ line: String) -> String {
        Terminal.isColoured ? "\u{1B}[97;40m\(line)\u{1B}[0m" : line
    }

    static func invitation(_ report: LoginReport) -> String {
        let code = report.userCode.map { " and confirm the code \($0)" } ?? ""
        var lines = [
            "Open this page\(code):", "", "    \(report.verificationURIComplete ?? report.verificationURI ?? "")",
        ]
        if report.verificationURIComplete != nil, let plain = report.verificationURI {
            lines += ["", "Or go to \(plain) and enter the code there."]
        }
        return lines.joined(separator: "\n")
    }

    static func result(_ report: LoginReport) -> String {
        let expiry = report.expiresAt.map { " Its token ends \(LocalTime.text($0)) and is refreshed before." } ?? ""
        let use =
            report.inUse == false
            ? "\nRequests do not use it: the configuration names another upstream (\"qwenproxyctl status\")." : ""
        return "Logged in. The login is in \(report.path ?? "its file").\(expiry)\(use)"
    }
}

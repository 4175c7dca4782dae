// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl token`
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Shows the state of the Qwen login, never the token itself.",
        discussion: "The daemon refreshes the token by itself, ahead of its end.",
        subcommands: [TokenShowCommand.self, TokenRefreshCommand.self],
        defaultSubcommand: TokenShowCommand.self,
    )
}

/// `qwenproxyctl token show`, or just `token`
struct TokenShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows the state of the login.")

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print the state as JSON.")
    var json = false

    func run() throws {
        let status = try self.daemon.call { client throws(ControlError) in try client.status().credentials }
        Terminal.print(status, asJSON: self.json, else: TokenText.text(status, now: .now()))
    }
}

/// `qwenproxyctl token refresh`
struct TokenRefreshCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Gets a new access token now, however good the old one is.")

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Print the new state as JSON.")
    var json = false

    func run() throws {
        // Another program may have the lock, and the server takes its time.
        let status = try self.daemon.call(atLeast: .seconds(60)) { client throws(ControlError) in
            try client.refreshToken()
        }
        Terminal.print(status, asJSON: self.json, else: TokenText.text(status, now: .now()))
    }
}

/// What both of them say.
enum TokenText {
    static func text(_ status: CredentialsStatus, now: Timestamp) -> String {
        let state =
            switch status.state {
            case .apiKey: "No login is in use: the upstream takes an API key."
            case .none:
                status.detail == nil ? "No login is in use: the upstream needs no credentials." : "No login is in use."
            case .demo: "No login is in use: the built-in demo answers."
            case .missing: "There is no login."
            case .valid: "The login is valid."
            case .refreshing: "The token is being refreshed."
            case .expired: "The token has expired."
            case .refused: "The login is not accepted any more."
            case .invalid: "The file of the login cannot be used."
            }
        let expiry = status.expiresAt.map { moment in
            let seconds = abs(moment.secondsSinceEpoch - now.secondsSinceEpoch)
            let distance = Quantity.duration(seconds: seconds)
            return moment > now
                ? "The token ends \(LocalTime.text(moment)), in \(distance)."
                : "The token ended \(LocalTime.text(moment))."
        }
        return [state, expiry, status.path.map { "File: \($0)" }, status.detail].compactMap(\.self)
            .joined(separator: "\n")
    }
}

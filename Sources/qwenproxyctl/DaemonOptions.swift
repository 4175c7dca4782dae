// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// Which daemon, and how long to wait for it. Every command that talks to the daemon takes these.
struct DaemonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's control socket.", valueName: "path"), completion: .file())
    var socket: String?

    @Option(help: ArgumentHelp("How long to wait for the daemon, in seconds.", valueName: "seconds"))
    var timeout: Double = 5

    func validate() throws {
        guard self.timeout > 0, self.timeout <= 3600 else {
            throw ValidationError("The time limit must be more than 0 and at most 3600 seconds.")
        }
        guard self.socket?.isEmpty != true else {
            throw ValidationError("The path of the control socket is empty.")
        }
    }

    /// - Parameter patience: for a call that may take longer than the time limit of others.
    func client(patience: Duration = .zero) -> ControlClient {
        ControlClient(
            paths: self.socket.map { [$0] } ?? Self.usualPaths,
            timeLimit: max(.milliseconds(Int64(self.timeout * 1000)), patience))
    }

    /// For a command whose options all belong to another program. It has the patience for a daemon that systemd starts now.
    static var usualClient: ControlClient { ControlClient(paths: Self.usualPaths, timeLimit: .seconds(30)) }

    private static var usualPaths: [String] {
        SocketPath.candidates(environment: ProcessEnvironment.current, user: ProcessEnvironment.user)
    }

    func call<Reply>(
        atLeast patience: Duration = .zero, _ body: (ControlClient) throws(ControlError) -> Reply
    ) throws -> Reply {
        try Self.orExit { () throws(ControlError) in try body(self.client(patience: patience)) }
    }

    /// Runs one call, and turns its failure into what the user reads and the exit status that scripts read.
    static func orExit<Reply>(_ body: () throws(ControlError) -> Reply) throws -> Reply {
        do {
            return try body()
        } catch {
            let failure = Failure(error)
            throw failure.status.exit(saying: failure.message)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// Which daemon, and how long to wait for it. Every command that talks to the daemon takes these.
struct DaemonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's control socket.", valueName: "path"))
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

    private func client(patience: Duration) -> ControlClient {
        let paths = self.socket.map { [$0] } ?? SocketPath.candidates(environment: ProcessEnvironment.current)
        return ControlClient(paths: paths, timeLimit: max(.milliseconds(Int64(self.timeout * 1000)), patience))
    }

    /// Runs one call, and turns its failure into what the user reads and the exit status that scripts read.
    ///
    /// - Parameter patience: for a call that may take longer than the time limit of others.
    func call<Reply>(
        atLeast patience: Duration = .zero, _ body: (ControlClient) throws(ControlError) -> Reply
    ) throws -> Reply {
        do {
            return try body(self.client(patience: patience))
        } catch {
            let failure = Failure(error)
            Terminal.printError(failure.message)
            throw ExitCode(failure.status.rawValue)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The exit statuses that scripts may rely on; 3 and 4 are systemctl's (and the LSB's).
enum ExitStatus: Int32 {
    /// The daemon runs, and refused the call.
    case refused = 1
    case notRunning = 3
    /// Whether a daemon runs could not be found out.
    case unknown = 4
    /// A program that the command runs could not be run; 126 and 127 are the shell's.
    case programFailed = 126
    /// A program that the command runs is not there.
    case programMissing = 127

    /// An error that ends the program without a word of its own.
    var exit: ExitCode { ExitCode(self.rawValue) }

    /// Says what went wrong; the error it returns ends the program.
    func exit(saying message: String) -> ExitCode {
        Terminal.printError(message)
        return self.exit
    }
}

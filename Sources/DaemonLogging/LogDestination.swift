// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Chooses the form of the log that fits what stderr is connected to.
package enum LogDestination {
    /// The journal when standard error leads there (`JOURNAL_STREAM`), and lines of text otherwise.
    package static func standardError(environment: [String: String]) -> any LogWriter {
        let descriptor = STDERR_FILENO
        if JournalStream.isJournal(descriptor, variable: environment["JOURNAL_STREAM"]) {
            return JournalLogWriter(fallback: StreamLogWriter(format: .journal, descriptor: descriptor))
        }
        return StreamLogWriter(format: isatty(descriptor) == 1 ? .terminal : .plain, descriptor: descriptor)
    }
}

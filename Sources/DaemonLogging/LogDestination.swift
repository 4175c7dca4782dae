// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

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

/// Writes each record as one line, with one system call, so that the lines of several threads never mix.
struct StreamLogWriter: LogWriter {
    let format: LogLineFormat
    let descriptor: CInt

    func write(_ record: LogRecord) {
        let line = self.format.line(for: record, time: LogTime.now(for: self.format))
        // A line that the reader does not take is dropped: the daemon's work does not depend on it.
        _ = OwnedDescriptor.writeAll(line, to: self.descriptor)
    }
}

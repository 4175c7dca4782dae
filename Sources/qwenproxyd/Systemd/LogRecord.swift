// SPDX-License-Identifier: Apache-2.0

import Logging

/// One line of the log, before anybody decided how it looks.
struct LogRecord: Sendable {
    var level: Logger.Level
    var label: String
    var message: String
    /// Sorted by key, and without duplicates.
    var metadata: [(key: String, value: String)]
}

/// Where records go: lines on stderr, or another form of journal.
protocol LogWriter: Sendable {
    func write(_ record: LogRecord)
}

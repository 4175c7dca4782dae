// SPDX-License-Identifier: Apache-2.0

import Logging
import Shared

/// One line of the log, before its form is chosen.
package struct LogRecord: Sendable {
    var level: Logger.Level
    var label: String
    var message: String
    /// Sorted by key, and without duplicates.
    var metadata: [(key: String, value: Value)]

    /// What a reader of lines sees as text, the journal's fields can hold exactly.
    enum Value: Sendable, Equatable, CustomStringConvertible {
        case text(String)
        case duration(Duration)

        init(_ value: Logger.MetadataValue) {
            // The journal gets microseconds as a number, by which entries can be compared; as text a duration cannot
            // be.
            if case .stringConvertible(let duration as Duration) = value {
                self = .duration(duration)
            } else {
                self = .text("\(value)")
            }
        }

        func hidden(by redactor: Redactor) -> Self {
            switch self {
            case .text(let text): .text(redactor.hiding(text))
            case .duration: self
            }
        }

        var description: String {
            switch self {
            case .text(let text): text
            case .duration(let duration): Self.text(of: duration)
            }
        }

        /// To the millisecond, below 10 ms to the microsecond: more digits than that are noise to a reader.
        private static func text(of duration: Duration) -> String {
            let unit = duration < .milliseconds(10) ? 1e6 : 1e3
            return "\((duration / .seconds(1) * unit).rounded() / unit) seconds"
        }
    }
}

/// Where records go: lines on a descriptor, or the journal.
package protocol LogWriter: Sendable {
    func write(_ record: LogRecord)
}

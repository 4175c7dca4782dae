// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Shared

/// How a record becomes one line of text: the message, then its metadata as `key=value`.
enum LogLineFormat: Sendable, Equatable {
    /// For people at a terminal: the local time of day and the level come first.
    case terminal
    /// For a file or a pipe: the full time in UTC and the level come first.
    case plain
    /// For journald's end of stderr, which has its own time and takes the level from a prefix (sd-daemon(3)).
    case journal

    /// Far below journald's LineMax of 48 KiB, above which it would break the line in two.
    static let maximumLength = 8 << 10

    /// - Parameter time: what the format puts first; ignored for the journal.
    func line(for record: LogRecord, time: String) -> [UInt8] {
        var line: [UInt8] = []
        // Most lines fit, and then the array grows once.
        line.reserveCapacity(160)
        switch self {
        case .terminal, .plain:
            line.append(contentsOf: time.utf8)
            line.append(contentsOf: " \(Self.padded(record.level)) ".utf8)
        case .journal:
            line.append(contentsOf: "<\(Self.priority(of: record.level))>".utf8)
        }
        Self.appendText(of: record, to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// The message and its metadata, as one line without an end.
    static func appendText(of record: LogRecord, to line: inout [UInt8]) {
        LogText.append(record.message, to: &line)
        for (key, value) in record.metadata {
            line.append(UInt8(ascii: " "))
            LogText.append(key, to: &line)
            line.append(UInt8(ascii: "="))
            LogText.appendValue(value.description, to: &line)
        }
        LogText.truncate(&line, to: Self.maximumLength)
    }

    /// syslog's numbers. It has no level below debug.
    static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func padded(_ level: Logger.Level) -> String {
        let name = level.rawValue
        return name + String(repeating: " ", count: max(0, "critical".count - name.count))
    }
}

/// The time in front of a line.
enum LogTime {
    static func now(for format: LogLineFormat) -> String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = Self.padded(time.tv_nsec / 1_000_000, to: 3)
        switch format {
        case .journal:
            return ""
        case .terminal:
            var local = unsafe tm()
            unsafe localtime_r(&time.tv_sec, &local)
            let clock = [unsafe local.tm_hour, unsafe local.tm_min, unsafe local.tm_sec]
            return clock.map { Self.padded($0) }.joined(separator: ":") + ".\(milliseconds)"
        case .plain:
            let second = Timestamp(secondsSinceEpoch: Int64(time.tv_sec)).description
            return "\(second.dropLast()).\(milliseconds)Z"
        }
    }

    private static func padded(_ number: some BinaryInteger, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

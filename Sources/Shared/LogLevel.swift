// SPDX-License-Identifier: Apache-2.0

/// The levels of the daemon's log, from the most to the least talkative. The names are swift-log's.
public enum LogLevel: String, Codable, Sendable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
}

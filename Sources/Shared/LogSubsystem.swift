// SPDX-License-Identifier: Apache-2.0

/// The parts of the daemon whose log has a level of its own when somebody gives it one. Each is the name of its loggers.
public enum LogSubsystem: String, Codable, Sendable, CaseIterable {
    /// Start, stop, configuration and the service manager.
    case daemon
    /// Connections of clients.
    case server
    /// Requests and their answers.
    case requests
    case upstream
    case credentials
    case control

    /// - Parameter label: of a logger, which may go into detail after a dot.
    public init?(label: String) {
        self.init(rawValue: String(label.prefix { $0 != "." }))
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What the daemon does on request. The daemon implements it and the command-line client forwards it, so that neither
/// end can drift from the other.
public protocol ControlInterface {
    func status() async throws(ControlError) -> DaemonStatus

    /// Reads the configuration again and puts it into force as a whole, or not at all.
    func reload() async throws(ControlError) -> ReloadReport

    /// - Parameter level: nil goes back to the level of the configuration.
    func setLogLevel(_ level: LogLevel?) async throws(ControlError) -> LogLevelReport

    /// Begins an orderly stop and returns before it is complete.
    func stop() async throws(ControlError)
}

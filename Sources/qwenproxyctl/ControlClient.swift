// SPDX-License-Identifier: Apache-2.0

import Shared

/// The daemon as this program sees it: each call connects, asks, waits for one answer, and closes.
///
/// It blocks, because a command has nothing else to do.
struct ControlClient: ControlInterface {
    /// Tried in this order; the first that answers counts.
    let paths: [String]
    /// For a whole call, from the connection to the last byte of the answer.
    let timeLimit: Duration

    func status() throws(ControlError) -> DaemonStatus {
        try self.call(.getStatus)
    }

    func reload() throws(ControlError) -> ReloadReport {
        try self.call(.reload)
    }

    func setLogLevel(_ level: LogLevel?) throws(ControlError) -> LogLevelReport {
        try self.call(.setLogLevel(.init(level: level)))
    }

    func stop() throws(ControlError) {
        let _: NoParameters = try self.call(.stop)
    }

    private func call<Reply: Codable & Sendable>(_ call: ControlCall) throws(ControlError) -> Reply {
        let connection: UnixStreamConnection
        do {
            connection = try self.connect()
        } catch {
            throw .connection(error)
        }
        let path = connection.path
        let frame: [UInt8]
        do {
            frame = try connection.exchange(call.encoded())
        } catch {
            throw .connection(error)
        }
        do {
            return try ControlReply.decode(Reply.self, from: frame)
        } catch .connection(.malformedReply(_, let detail)) {
            throw .connection(.malformedReply(path: path, detail: detail))
        }
    }

    /// Only a place where nobody listens leads to the next one. Behind any other failure there may be a daemon, and a
    /// second one must not answer in its stead.
    private func connect() throws(ControlConnectionError) -> UnixStreamConnection {
        let deadline = ContinuousClock.now.advanced(by: self.timeLimit)
        var tried: [ControlConnectionError.Attempt] = []
        for path in self.paths {
            do {
                return try UnixStreamConnection.open(path: path, deadline: deadline)
            } catch .notRunning(let attempts) {
                tried += attempts
            }
        }
        throw .notRunning(tried: tried)
    }
}

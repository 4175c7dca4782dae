// SPDX-License-Identifier: Apache-2.0

import Shared

/// The daemon as this program sees it: each call connects, asks, waits for its answer or answers, and closes.
///
/// It blocks, because a command has nothing else to do.
struct ControlClient: ControlInterface {
    /// Tried in this order; the first that answers counts.
    let paths: [String]
    /// For a whole call, from the connection to the last byte of the answer; of several answers, to the first one's.
    let timeLimit: Duration

    func status() throws(ControlError) -> DaemonStatus {
        try self.call(.getStatus)
    }

    func reload() throws(ControlError) -> ReloadReport {
        try self.call(.reload)
    }

    func logLevel() throws(ControlError) -> LogLevelReport {
        try self.call(.getLogLevel)
    }

    func setLogLevel(_ level: LogLevel?, of subsystem: LogSubsystem?) throws(ControlError) -> LogLevelReport {
        try self.call(.setLogLevel(.init(level: level, subsystem: subsystem)))
    }

    func configuration() throws(ControlError) -> ConfigurationReport {
        try self.call(.getConfiguration)
    }

    func clientSettings() throws(ControlError) -> ClientSettings {
        try self.call(.getClientSettings)
    }

    func upstreams() throws(ControlError) -> UpstreamList {
        try self.call(.listUpstreams)
    }

    func testUpstream(_ name: String?, deep: Bool) throws(ControlError) -> UpstreamTestReport {
        try self.call(.testUpstream(.init(upstream: name, deep: deep)))
    }

    func explainRoute(_ request: ControlCall.ExplainRouteParameters) throws(ControlError) -> RouteReport {
        try self.call(.explainRoute(request))
    }

    func explainModel(_ request: ControlCall.ExplainModelParameters) throws(ControlError) -> ModelExplanation {
        try self.call(.explainModel(request))
    }

    func usage() throws(ControlError) -> UsageReport {
        try self.call(.getUsage)
    }

    func monitor(
        every interval: Int?, _ report: (MonitorReport) -> Void,
    ) throws(ControlError) -> MonitorReport {
        try self.call(.monitor(.init(interval: interval)), report)
    }

    /// For a caller that watches other things at the same time.
    func openTest(_ name: String?, deep: Bool) throws(ControlError) -> ControlReplies<UpstreamTestReport> {
        try self.open(.testUpstream(.init(upstream: name, deep: deep)), replies: UpstreamTestReport.self)
    }

    /// For a caller that watches other things at the same time.
    func openMonitor(every interval: Int?) throws(ControlError) -> ControlReplies<MonitorReport> {
        try self.open(.monitor(.init(interval: interval)), replies: MonitorReport.self)
    }

    func refreshToken() throws(ControlError) -> CredentialsStatus {
        try self.call(.refreshToken)
    }

    func login(_ report: (LoginReport) -> Void) throws(ControlError) -> LoginReport {
        try self.call(.login, report)
    }

    func logout() throws(ControlError) -> LogoutReport {
        try self.call(.logout)
    }

    func restart() throws(ControlError) -> RestartReport {
        try self.call(.restart)
    }

    func stop() throws(ControlError) {
        let _: NoParameters = try self.call(.stop)
    }

    /// - Parameter report: takes the answers before the last one, of a method that has several.
    private func call<Reply: Codable & Sendable>(
        _ call: ControlCall, _ report: (Reply) -> Void = { _ in },
    ) throws(ControlError) -> Reply {
        // A connection for each call: the daemon may have been replaced between two of them.
        var replies = try self.open(call, replies: Reply.self)
        while true {
            let reply = try replies.next()
            guard !reply.isLast else { return reply.parameters }
            report(reply.parameters)
        }
    }

    private func open<Reply: Codable & Sendable>(
        _ call: ControlCall, replies: Reply.Type,
    ) throws(ControlError) -> ControlReplies<Reply> {
        do {
            let connection = try self.connect()
            try connection.send(call.encoded())
            return ControlReplies(connection)
        } catch {
            throw .connection(error)
        }
    }

    /// Only a place where no process listens leads to the next one.
    private func connect() throws(ControlConnectionError) -> UnixStreamConnection {
        // Taken once, so that several places do not add up to several time limits.
        let deadline = ContinuousClock.now.advanced(by: self.timeLimit)
        var tried: [ControlConnectionError.Attempt] = []
        for path in self.paths {
            do {
                return try UnixStreamConnection.open(path: path, deadline: deadline)
            } catch .notRunning(let attempts) {
                // After any other failure there may be a daemon, and a second one must not answer in its stead.
                tried += attempts
            }
        }
        throw .notRunning(tried: tried)
    }
}

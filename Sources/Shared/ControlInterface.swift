// SPDX-License-Identifier: Apache-2.0

/// What the daemon does on request. The daemon implements it and the command-line client forwards it, so that neither
/// end can drift from the other.
///
/// A method with several replies takes a function for all of them but the last. The function never waits: what a slow
/// caller does not take in time is dropped, oldest first.
public protocol ControlInterface {
    func status() async throws(ControlError) -> DaemonStatus

    /// Reads the configuration again and puts it into force as a whole, or not at all.
    func reload() async throws(ControlError) -> ReloadReport

    func logLevel() async throws(ControlError) -> LogLevelReport

    /// - Parameter level: nil goes back to the level of the configuration.
    /// - Parameter subsystem: nil means all: a level then counts for those that have none of their own, and going back
    ///   takes theirs away.
    func setLogLevel(_ level: LogLevel?, of subsystem: LogSubsystem?) async throws(ControlError) -> LogLevelReport

    func configuration() async throws(ControlError) -> ConfigurationReport

    func clientSettings() async throws(ControlError) -> ClientSettings

    func upstreams() async throws(ControlError) -> UpstreamList

    /// Makes one tiny request.
    ///
    /// - Parameter name: nil for the one that answers when no route says otherwise.
    /// - Parameter deep: one request for each thing that can be found out, instead of one.
    func testUpstream(_ name: String?, deep: Bool) async throws(ControlError) -> UpstreamTestReport

    /// Says where a request would go. Nothing is sent.
    func explainRoute(_ request: ControlCall.ExplainRouteParameters) async throws(ControlError) -> RouteReport

    /// Says what holds for a model, and how that is known. Nothing is sent.
    func explainModel(_ request: ControlCall.ExplainModelParameters) async throws(ControlError) -> ModelExplanation

    /// What models did on the last days, in this process and in those before it.
    func usage() async throws(ControlError) -> UsageReport

    /// Says again and again what goes on, until the caller goes away.
    ///
    /// - Parameter interval: in milliseconds, from 100 to 60,000; nil means a second.
    /// - Parameter report: takes every reply but the last, which is returned.
    func monitor(every interval: Int?, _ report: (MonitorReport) -> Void) async throws(ControlError) -> MonitorReport

    /// Gets a new access token now, however good the old one is.
    func refreshToken() async throws(ControlError) -> CredentialsStatus

    /// Logs in to Qwen. The user has to confirm on a web page, which takes as long as it takes.
    ///
    /// - Parameter report: is told where to go and what to confirm there, before the wait.
    func login(_ report: (LoginReport) -> Void) async throws(ControlError) -> LoginReport

    /// Removes the login, for every program that uses it.
    func logout() async throws(ControlError) -> LogoutReport

    /// Starts the daemon anew and lets it take over, and returns when it has. Requests that run are finished here.
    func restart() async throws(ControlError) -> RestartReport

    /// Begins an orderly stop and returns before it is complete.
    func stop() async throws(ControlError)
}

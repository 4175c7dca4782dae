// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import DaemonLogging
import Gateway
import Glibc
import Logging
import Server
import Shared
import Synchronization
import Translation

/// The daemon's end of the control interface.
final class DaemonOperations: ControlInterface, Sendable {
    private let configuration: ConfigurationStore
    private let credentials: CredentialStore
    private let upstreamOperations: UpstreamOperations
    private let metrics: RequestMetrics
    private let usageKeeper: UsageKeeper
    private let reloader: Reloader
    private let level: LogLevelSwitch
    private let server: HTTPServer
    private let isInherited: Bool
    private let controlListener: ListenerStatus
    private let stopRequest: StopRequest
    private let succession: Succession
    private let predecessors: Predecessors
    private let login: LoginOperations
    private let startedAt = Timestamp.now()
    private let isDraining = Atomic(false)

    init(
        configuration: ConfigurationStore, credentials: CredentialStore, upstreams: UpstreamOperations,
        metrics: RequestMetrics, usage: UsageKeeper, reloader: Reloader, level: LogLevelSwitch, server: HTTPServer,
        isInherited: Bool,
        controlListener: ListenerStatus, stop: StopRequest, succession: Succession,
        predecessors: Predecessors, login: LoginOperations,
    ) {
        self.configuration = configuration
        self.credentials = credentials
        self.upstreamOperations = upstreams
        self.metrics = metrics
        self.usageKeeper = usage
        self.reloader = reloader
        self.level = level
        self.server = server
        self.isInherited = isInherited
        self.controlListener = controlListener
        self.stopRequest = stop
        self.succession = succession
        self.predecessors = predecessors
        self.login = login
    }

    private var state: DaemonStatus.State {
        // A process that was replaced drains as well; what tells more goes first.
        guard !self.succession.hasHandedOver else { return .replaced }
        return self.isDraining.load(ordering: .relaxed) ? .draining : .running
    }

    func drainingBegan() { self.isDraining.store(true, ordering: .relaxed) }

    func status() async throws(ControlError) -> DaemonStatus {
        self.reloader.mend()
        let configuration = self.configuration.current
        let upstreams = self.upstreamOperations.list
        let usage = await self.usageKeeper.report()
        let metrics = self.metrics.snapshot
        let http = self.server.localAddresses.map {
            ListenerStatus(role: .http, address: $0.description, inherited: self.isInherited)
        }
        return DaemonStatus(
            state: self.state,
            pid: Int(getpid()),
            startedAt: self.startedAt,
            logLevel: LogLevel(self.level.level),
            listeners: http + [self.controlListener],
            upstreams: upstreams.upstreams,
            // The credentials are those of upstreams.
            credentials: upstreams.mistakes == nil
                ? CredentialsStatus(self.credentials.status())
                : CredentialsStatus(state: .none, detail: "The configuration has mistakes, so no upstream is asked."),
            connections: ConnectionCounts(
                open: self.server.connections, limit: self.server.maximumConnections,
                refused: self.server.refusedConnections, descriptors: DescriptorBudget.openInThisProcess,
                descriptorLimit: DescriptorBudget.limitOfThisProcess),
            requests: RequestCounts(metrics),
            requestClasses: RequestClass.allCases.compactMap { name in
                metrics.classes[name].map { NamedCount(name: name.rawValue, count: $0) }
            },
            tokens: TokenCounts(metrics),
            interventions: metrics.interventions.all.map {
                NamedCount(name: $0.intervention.rawValue, count: $0.count)
            },
            verdicts: metrics.verdicts.sorted { $0.key < $1.key }.map { NamedCount(name: $0.key, count: $0.value) },
            lastErrors: metrics.lastErrors.reversed().map {
                RecordedError(
                    time: $0.time, requestID: $0.requestID, kind: $0.kind, message: $0.message)
            },
            configurationSources: configuration.sources,
            configurationMistakes: upstreams.mistakes ?? [],
            describedUpstreams: upstreams.described ?? [],
            predecessors: self.predecessors.reports,
            today: usage.days.first { $0.date == usage.today }?.models ?? [])
    }

    func reload() async throws(ControlError) -> ReloadReport {
        guard !self.isDraining.load(ordering: .relaxed) else { throw .stopping }
        return try self.reloader.reload(telling: true)
    }

    func logLevel() async throws(ControlError) -> LogLevelReport {
        LogLevelReport(
            level: LogLevel(self.level.level),
            subsystems: LogSubsystem.allCases.map { subsystem in
                .init(name: subsystem, level: LogLevel(self.level.override(for: subsystem).level ?? self.level.level))
            })
    }

    func setLogLevel(_ level: LogLevel?, of subsystem: LogSubsystem?) async throws(ControlError) -> LogLevelReport {
        if let subsystem {
            self.level.override(for: subsystem).level = level.map(Logger.Level.init)
        } else if let level {
            self.level.level = Logger.Level(level)
        } else {
            self.level.level = self.configuration.current.log.level
            for subsystem in LogSubsystem.allCases { self.level.override(for: subsystem).level = nil }
        }
        return try await self.logLevel()
    }

    func configuration() async throws(ControlError) -> ConfigurationReport {
        self.reloader.mend()
        return ConfigurationReport(self.configuration.current, pending: self.configuration.pending)
    }

    func clientSettings() async throws(ControlError) -> ClientSettings {
        let key = self.configuration.current.server.localAPIKey?.reveal()
        return ClientSettings(
            baseURL: self.server.localAddresses.lazy.compactMap(\.clientURL).first ?? "",
            apiKey: key ?? ClientSettings.placeholderKey)
    }

    func upstreams() async throws(ControlError) -> UpstreamList {
        self.reloader.mend()
        return self.upstreamOperations.list
    }

    func testUpstream(_ name: String?, deep: Bool) async throws(ControlError) -> UpstreamTestReport {
        self.reloader.mend()
        return try await self.upstreamOperations.test(name, deep: deep)
    }

    func explainRoute(
        _ request: ControlCall.ExplainRouteParameters,
    ) async throws(ControlError) -> RouteReport {
        let requestClass = request.requestClass.map { RequestClass(rawValue: $0) }
        if case .some(nil) = requestClass { throw .invalidParameter("requestClass") }
        self.reloader.mend()
        return try self.upstreamOperations.route(
            RouteQuery(
                model: request.model, images: request.images ?? false, thinking: request.thinking ?? false,
                tools: request.tools ?? false, inputTokens: request.inputTokens ?? 0,
                requestClass: requestClass ?? nil, agentType: request.agentType))
    }

    func explainModel(
        _ request: ControlCall.ExplainModelParameters,
    ) async throws(ControlError) -> ModelExplanation {
        self.reloader.mend()
        return try self.upstreamOperations.explain(request.model, at: request.upstream)
    }

    func usage() async throws(ControlError) -> UsageReport { await self.usageKeeper.report() }

    func monitor(
        every interval: Int?, _ report: (MonitorReport) -> Void,
    ) async throws(ControlError) -> MonitorReport {
        let interval = interval ?? 1000
        // Each report takes the lock of the counters that every request takes, too.
        guard (100...60_000).contains(interval) else { throw .invalidParameter("interval") }
        while true {
            let now = self.monitorReport
            // The other process has more to tell.
            guard now.state != .replaced else { return now }
            report(now)
            do { try await Task.sleep(for: .milliseconds(interval)) } catch { return now }
        }
    }

    private var monitorReport: MonitorReport {
        let metrics = self.metrics.snapshot
        let history = self.metrics.history
        return MonitorReport(
            state: self.state, time: .now(), requests: RequestCounts(metrics), tokens: TokenCounts(metrics),
            live: self.metrics.liveRequests, finished: history.finished, models: history.models,
            predecessors: self.predecessors.reports)
    }

    func restart() async throws(ControlError) -> RestartReport {
        let report = try await self.succession.begin()
        // The new process tells what it finds in the file.
        await self.usageKeeper.save()
        return report
    }

    func refreshToken() async throws(ControlError) -> CredentialsStatus { try await self.login.refreshToken() }

    func login(_ report: (LoginReport) -> Void) async throws(ControlError) -> LoginReport {
        try await self.login.login(report)
    }

    func logout() async throws(ControlError) -> LogoutReport { try await self.login.logout() }

    func stop() async throws(ControlError) { self.stopRequest.stop() }
}

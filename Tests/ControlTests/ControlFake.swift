// SPDX-License-Identifier: Apache-2.0

import Shared
import Synchronization

/// A daemon that remembers what it was asked. A call can be held back until the test lets it go.
final class ControlFake: ControlInterface, Sendable {
    enum Event: Equatable {
        case status, reload, restart, stop, refreshToken, login, logout
        case monitorEnded
        case setLogLevel(LogLevel?, LogSubsystem?)
    }

    private let recorded = Mutex<[Event]>([])
    private let reloadResult: Result<ReloadReport, ControlError>
    private let restartResult: Result<RestartReport, ControlError>
    private let configurationFile: String?
    private let directory: String
    private let beforeReload: @Sendable () async -> Void
    private let beforeStatus: @Sendable () async -> Void
    private let monitor: @Sendable ((MonitorReport) -> Void) async -> MonitorReport

    static func report(total: Int) -> MonitorReport {
        MonitorReport(
            state: .running, time: Timestamp(secondsSinceEpoch: 1_800_000_000),
            requests: RequestCounts(inFlight: 0, streaming: 0, total: total, failed: 0),
            tokens: TokenCounts(input: 0, output: 0, cached: 0), live: [])
    }

    static let status = DaemonStatus(
        state: .running, pid: 4711, startedAt: Timestamp(secondsSinceEpoch: 1_800_000_000), logLevel: .info,
        listeners: [
            ListenerStatus(role: .http, address: "127.0.0.1:3455", inherited: true),
            ListenerStatus(role: .control, address: "/run/user/7/qwenproxyd/control.sock", inherited: false),
        ],
        upstreams: [
            UpstreamStatus(
                name: "default", kind: .oauth, baseURL: "https://portal.qwen.ai/v1", model: "qwen3-coder-plus",
                state: .reachable)
        ],
        credentials: CredentialsStatus(
            state: .valid, path: "/home/a/.qwen/oauth_creds.json",
            expiresAt: Timestamp(secondsSinceEpoch: 1_800_003_600)),
        connections: ConnectionCounts(open: 3, limit: 4096, refused: 0, descriptors: 40, descriptorLimit: 8192),
        requests: RequestCounts(inFlight: 2, streaming: 1, total: 30, failed: 4),
        tokens: TokenCounts(input: 100, output: 20, cached: 50),
        lastErrors: [
            RecordedError(
                time: Timestamp(secondsSinceEpoch: 1_800_000_100), requestID: "req_1", kind: "api_error",
                message: "a\u{1B}[31mred")
        ],
        configurationSources: ["/etc/qwenproxyd/config.toml"],
    )

    init(
        reload: Result<ReloadReport, ControlError> = .success(
            ReloadReport(sources: ["file"], changed: ["retry.max_retries"], needsRestart: ["server.port"])),
        restart: Result<RestartReport, ControlError> = .success(RestartReport(pid: 4712, version: "1.2.3")),
        configurationFile: String? = "/etc/qwenproxyd/config.toml",
        directory: String = "/etc/qwenproxyd",
        beforeReload: @escaping @Sendable () async -> Void = {},
        beforeStatus: @escaping @Sendable () async -> Void = {},
        monitor: @escaping @Sendable ((MonitorReport) -> Void) async -> MonitorReport = { report in
            report(ControlFake.report(total: 1))
            report(ControlFake.report(total: 2))
            return ControlFake.report(total: 3)
        },
    ) {
        self.monitor = monitor
        self.configurationFile = configurationFile
        self.directory = directory
        self.beforeReload = beforeReload
        self.reloadResult = reload
        self.restartResult = restart
        self.beforeStatus = beforeStatus
    }

    var events: [Event] { self.recorded.withLock { $0 } }

    private func record(_ event: Event) {
        self.recorded.withLock { $0.append(event) }
    }

    func status() async -> DaemonStatus {
        await self.beforeStatus()
        self.record(.status)
        return Self.status
    }

    func reload() async throws(ControlError) -> ReloadReport {
        await self.beforeReload()
        self.record(.reload)
        return try self.reloadResult.get()
    }

    func logLevel() async -> LogLevelReport {
        LogLevelReport(level: .info, subsystems: [.init(name: .server, level: .trace)])
    }

    func setLogLevel(_ level: LogLevel?, of subsystem: LogSubsystem?) async -> LogLevelReport {
        self.record(.setLogLevel(level, subsystem))
        return LogLevelReport(level: level ?? .info, subsystems: [.init(name: .server, level: level ?? .info)])
    }

    func configuration() async -> ConfigurationReport {
        ConfigurationReport(
            file: self.configurationFile, files: [self.configurationFile].compactMap(\.self),
            settings: [
                .init(key: "server.port", value: "3455", source: "default"),
                .init(key: "upstream.api_key", value: nil, source: "default"),
            ])
    }

    func clientSettings() async -> ClientSettings {
        ClientSettings(baseURL: "http://127.0.0.1:3455", apiKey: "it's a key")
    }

    func explainModel(_ request: ControlCall.ExplainModelParameters) async -> ModelExplanation {
        ModelExplanation(
            model: request.model, upstream: request.upstream ?? "default",
            fields: [
                .init(
                    name: "context_window", value: "8192", origin: .learned, source: "/props",
                    date: "2026-11-26T10:00:00Z"),
                .init(name: "images", value: "false", origin: .assumed),
            ])
    }

    func upstreams() async -> UpstreamList {
        UpstreamList(directory: self.directory, upstreams: Self.status.upstreams)
    }

    func testUpstream(_ name: String?, deep: Bool) async throws(ControlError) -> UpstreamTestReport {
        guard name != "nobody" else { throw .invalidParameter("upstream") }
        if deep {
            return UpstreamTestReport(
                upstream: name ?? "default", model: "m", succeeded: true, duration: 7,
                findings: [
                    .init(name: "answers", outcome: .yes, detail: "taken"),
                    .init(name: "images", outcome: .no, detail: "status 400: no images here"),
                ])
        }
        return UpstreamTestReport(upstream: name ?? "default", model: "m", succeeded: true, duration: 7)
    }

    func explainRoute(_ request: ControlCall.ExplainRouteParameters) async -> RouteReport {
        RouteReport(reason: "because of \(request.model)", parameters: [], candidates: [])
    }

    func usage() async -> UsageReport {
        UsageReport(
            today: "2027-01-15",
            days: [
                .init(
                    date: "2027-01-15",
                    models: [
                        ModelTotals(
                            upstream: "plan", model: "qwen3.7-plus", requests: 12, failed: 1,
                            tokens: TokenCounts(input: 120_000, output: 3400, cached: 90_000), cost: 53_440),
                        ModelTotals(upstream: "local", model: "qwen3-coder:30b", requests: 2),
                    ]),
                .init(
                    date: "2027-01-13",
                    models: [
                        ModelTotals(
                            upstream: "plan", model: "qwen3.7-plus", requests: 1,
                            tokens: TokenCounts(input: 1000, output: 10), cost: 416)
                    ]),
            ])
    }

    func monitor(every interval: Int?, _ report: (MonitorReport) -> Void) async -> MonitorReport {
        defer { self.record(.monitorEnded) }
        return await self.monitor(report)
    }

    func refreshToken() async throws(ControlError) -> CredentialsStatus {
        self.record(.refreshToken)
        return Self.status.credentials
    }

    func login(_ report: (LoginReport) -> Void) async throws(ControlError) -> LoginReport {
        self.record(.login)
        report(
            LoginReport(
                state: .waiting, verificationURI: "https://chat.qwen.ai/authorize",
                verificationURIComplete: "https://chat.qwen.ai/authorize?user_code=ABCD-1234&client=qwen-code",
                userCode: "ABCD-1234", expiresAt: Timestamp(secondsSinceEpoch: 1_800_000_900)))
        return LoginReport(
            state: .done, expiresAt: Timestamp(secondsSinceEpoch: 1_800_021_600),
            path: "/home/a/.qwen/oauth_creds.json",
            inUse: true)
    }

    func logout() async throws(ControlError) -> LogoutReport {
        self.record(.logout)
        return LogoutReport(path: "/home/a/.qwen/oauth_creds.json", removed: true)
    }

    func restart() async throws(ControlError) -> RestartReport {
        self.record(.restart)
        return try self.restartResult.get()
    }

    func stop() async {
        self.record(.stop)
    }
}

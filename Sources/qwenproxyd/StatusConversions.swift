// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import FoundationEssentials
import Gateway
import Logging
import Server
import Shared

// From what the rooms say about themselves to what the control interface shows.

extension LogLevel {
    init(_ level: Logger.Level) {
        // Both lists are swift-log's; a test compares them.
        self = LogLevel(rawValue: level.rawValue) ?? .info
    }
}

extension Logger.Level {
    init(_ level: LogLevel) { self = Logger.Level(rawValue: level.rawValue) ?? .info }
}

extension UpstreamStatus.Kind {
    init(_ mode: UpstreamMode) {
        switch mode {
        case .oauth: self = .oauth
        case .apiKey: self = .apiKey
        case .open: self = .open
        case .demo: self = .demo
        }
    }

    /// - Parameter mode: what there is for an upstream that has no access of its own.
    init(_ access: UpstreamDefinition.Access, _ mode: UpstreamMode) {
        switch access {
        case .key: self = .apiKey
        case .open: self = .open
        case .credentials(_, let loginOnly):
            let kind = Self(mode)
            self = loginOnly && kind != .oauth ? .demo : kind
        }
    }
}

extension UpstreamStatus.API {
    init(_ api: UpstreamAPI) {
        switch api {
        case .openAI: self = .openai
        case .anthropic: self = .anthropic
        }
    }
}

extension UpstreamStatus {
    /// - Parameter answers: it answers a request just now, which tells of one that has not finished any yet.
    init(
        _ upstream: UpstreamDefinition, _ credentials: CredentialStore, _ health: UpstreamHealth.Snapshot, answers: Bool
    ) {
        let kind = Kind(upstream.access, credentials.mode)
        let baseURL: String? =
            switch (upstream.access, kind) {
            case (.key, _), (.open, _): upstream.baseURL
            case (.credentials, .oauth): upstream.baseURL ?? credentials.status().baseURL ?? credentials.mode.baseURL
            case (.credentials, .apiKey), (.credentials, .open): credentials.mode.baseURL
            case (.credentials, .demo): nil
            }
        let state: State =
            switch (health.standing, health.lastFailure?.kind) {
            // A first answer that still comes has shown already that the upstream can be reached.
            case (nil, _): answers ? .reachable : .untried
            case (.unreachable?, _): .unreachable
            case (.failing?, _): .failing
            case (.serving?, "authentication_error"), (.serving?, "billing_error"), (.serving?, "permission_error"):
                .refusing
            // An upstream that serves rests only when it said so itself.
            case (.serving?, _): health.rest == nil ? .reachable : .refusing
            }
        self.init(
            name: upstream.name, kind: kind, api: API(upstream.api), baseURL: baseURL, model: upstream.model,
            state: state, restsFor: health.rest.map { Int($0.seconds.rounded(.up)) },
            attempts: health.attempts, failures: health.failures, lastError: health.lastFailure?.message)
    }
}

extension ConfigurationReport {
    init(_ configuration: Configuration, pending: [PendingSetting]) {
        self.init(
            file: configuration.file, files: configuration.files,
            settings: configuration.describe().map(Setting.init),
            pending: pending.map(Pending.init))
    }
}

extension ConfigurationReport.Setting {
    init(_ setting: EffectiveSetting) {
        self.init(
            key: setting.key, value: setting.value.isEmpty ? nil : setting.value, source: "\(setting.source)")
    }
}

extension ConfigurationReport.Pending {
    init(_ pending: PendingSetting) {
        let setting = ConfigurationReport.Setting(pending.setting)
        let obstacle: Obstacle =
            switch pending.obstacle {
            case .restart: .restart
            case .socketUnit: .socketUnit
            }
        self.init(key: setting.key, value: setting.value, source: setting.source, obstacle: obstacle)
    }
}

extension ListeningAddress {
    /// What a client on this machine connects to; nil for a Unix socket.
    var clientURL: String? {
        guard self.port != nil else { return nil }
        var address = self
        // One cannot connect to "every address".
        if address.host == "0.0.0.0" { address.host = "127.0.0.1" }
        if address.host == "::" { address.host = "::1" }
        return "http://\(address)"
    }
}

extension UpstreamStatus {
    /// What can be said of an upstream while nothing runs.
    /// - Parameter mode: of the settings in `[upstream]`, which say nothing of another upstream's login.
    init(_ upstream: UpstreamDefinition, mode: UpstreamMode) {
        let isNamedLogin: Bool =
            if case .credentials(_, loginOnly: true) = upstream.access {
                upstream.name != UpstreamDefinition.defaultName
            } else {
                false
            }
        self.init(
            name: upstream.name, kind: isNamedLogin ? .oauth : Kind(upstream.access, mode), api: API(upstream.api),
            baseURL: upstream.baseURL, model: upstream.model, state: .untried)
    }
}

extension UpstreamList {
    init(_ configuration: Configuration) {
        self.init(
            directory: configuration.directory,
            upstreams: UpstreamOperations.list(configuration) { UpstreamStatus($0, mode: configuration.mode) })
    }

    var json: String {
        String(decoding: SortedJSON.encode(self), as: UTF8.self) + "\n"
    }
}

extension RequestCounts {
    init(_ metrics: RequestMetrics.Snapshot) {
        self.init(
            inFlight: metrics.inFlight, streaming: metrics.streaming, total: metrics.total, failed: metrics.failed)
    }
}

extension TokenCounts {
    init(_ metrics: RequestMetrics.Snapshot) {
        self.init(input: metrics.inputTokens, output: metrics.outputTokens, cached: metrics.cachedTokens)
    }
}

extension CredentialsStatus {
    init(_ status: CredentialStatus) {
        switch status {
        case .missing(let path):
            self.init(state: .missing, detail: status.problem, path: path)
        case .valid(let path, _, let expiresAt, _):
            self.init(state: .valid, path: path, expiresAt: expiresAt.map(Timestamp.init))
        case .refreshing(let path, let expiresAt, _):
            self.init(state: .refreshing, path: path, expiresAt: expiresAt.map(Timestamp.init))
        case .expired(let path, _, let expiredAt, _):
            self.init(state: .expired, detail: status.problem, path: path, expiresAt: Timestamp(expiredAt))
        case .refused(let path, _, let usableUntil):
            self.init(
                state: .refused, detail: status.problem, path: path, expiresAt: usableUntil.map(Timestamp.init))
        case .invalid(let path, _):
            self.init(state: .invalid, detail: status.problem, path: path)
        case .apiKey:
            self.init(state: .apiKey)
        case .none:
            self.init(state: .none)
        case .demo:
            self.init(state: .demo)
        }
    }
}

extension CredentialStatus {
    fileprivate var baseURL: String? {
        switch self {
        case .valid(_, _, _, let baseURL), .refreshing(_, _, let baseURL): baseURL
        case .missing, .expired, .refused, .invalid, .apiKey, .none, .demo: nil
        }
    }
}

extension Timestamp {
    init(_ date: Date) { self.init(secondsSinceEpoch: Int64(date.timeIntervalSince1970)) }
}

// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging
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

extension UpstreamStatus {
    init(_ upstream: UpstreamDefinition, _ credentials: CredentialStore, _ health: UpstreamHealth.Snapshot) {
        let (kind, baseURL): (Kind, String?) =
            switch upstream.access {
            case .key(_, _, let baseURL): (.apiKey, baseURL)
            case .open(let baseURL): (.open, baseURL)
            case .credentials(let baseURL, loginOnly: true):
                if case .oauth(_, let address) = credentials.mode {
                    (.oauth, baseURL ?? credentials.status().baseURL ?? address)
                } else {
                    (.demo, nil)
                }
            case .credentials(let baseURL, loginOnly: false):
                switch credentials.mode {
                case .oauth(_, let address): (.oauth, baseURL ?? credentials.status().baseURL ?? address)
                case .apiKey(_, let baseURL): (.apiKey, baseURL)
                case .open(let baseURL): (.open, baseURL)
                case .demo: (.demo, nil)
                }
            }
        let state: State =
            switch (health.wasReached, health.lastFailure?.kind) {
            case (nil, _): .untried
            case (false?, _): .unreachable
            case (true?, "authentication_error"), (true?, "billing_error"), (true?, "permission_error"): .refusing
            case (true?, _): health.rest == nil ? .reachable : .refusing
            }
        self.init(
            name: upstream.name, kind: kind, api: upstream.api == .openAI ? .openai : .anthropic, baseURL: baseURL,
            model: upstream.model, state: state, restsFor: health.rest.map { Int($0.seconds.rounded(.up)) },
            attempts: health.attempts, failures: health.failures, lastError: health.lastFailure?.message)
    }
}

extension ConfigurationReport {
    init(_ configuration: Configuration) {
        self.init(
            file: configuration.file,
            settings: configuration.describe().map { setting in
                .init(
                    key: setting.key, value: setting.value.isEmpty ? nil : setting.value, source: "\(setting.source)")
            })
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
    init(_ upstream: UpstreamDefinition, mode: UpstreamMode) {
        let kind: Kind =
            switch (upstream.access, mode) {
            case (.key, _): .apiKey
            case (.open, _): .open
            case (.credentials(_, loginOnly: true), _) where upstream.name != UpstreamDefinition.defaultName: .oauth
            case (.credentials, .oauth): .oauth
            case (.credentials, .apiKey): .apiKey
            case (.credentials, .open): .open
            case (.credentials, .demo): .demo
            }
        self.init(
            name: upstream.name, kind: kind, api: upstream.api == .openAI ? .openai : .anthropic,
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("strings and numbers can always be written as JSON")
        }
        return String(decoding: data, as: UTF8.self) + "\n"
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

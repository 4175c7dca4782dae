// SPDX-License-Identifier: Apache-2.0

import Shared

/// What answers requests, and how we identify ourselves there.
package enum UpstreamMode: Sendable, Equatable {
    /// The credentials file of `qwen`. The address is the file's, unless the user gave one.
    case oauth(path: String, baseURL: String?)
    case apiKey(Secret, baseURL: String)
    /// An upstream that wants no credentials: a server on this machine, for example.
    case open(baseURL: String)
    /// Nothing is configured. The daemon runs and answers for itself, saying what to do.
    case demo

    /// Without a trailing slash. Nil in the demo, and while only the credentials file knows.
    package var baseURL: String? {
        switch self {
        case .oauth(_, let baseURL): baseURL
        case .apiKey(_, let baseURL), .open(let baseURL): baseURL
        case .demo: nil
        }
    }
}

/// What the choice of the mode depends on.
package struct UpstreamSelection: Sendable, Equatable {
    /// The values of `upstream.auth`.
    package enum Authentication: String, Sendable, CaseIterable {
        case auto
        case oauth
        case apiKey = "api-key"
        case none
        case demo
    }

    /// A combination that cannot work.
    enum Objection: Sendable, Equatable {
        case apiKeyWithoutBaseURL
        case noAPIKey
        case openWithoutBaseURL
        /// The OAuth token would go to a host that is not known to be the vendor's.
        case untrustedHost(String)
    }

    /// What the user chose.
    package var authentication: Authentication
    var apiKey: Secret?
    /// Normalised; nil when the user gave none.
    package var baseURL: String?
    /// The absolute path of the OAuth credentials file.
    package var credentialsPath: String
    /// The hosts that may receive the OAuth token.
    package var trustedHosts: TrustedHosts

    /// Nil when a mode can be chosen, whether the credentials file exists or not.
    func objection() -> Objection? {
        switch self.authentication {
        case .auto: self.apiKey != nil && self.baseURL == nil ? .apiKeyWithoutBaseURL : nil
        case .oauth: self.baseURL.flatMap { self.mayReceiveToken($0) ? nil : .untrustedHost($0) }
        case .apiKey: self.apiKey == nil ? .noAPIKey : self.baseURL == nil ? .apiKeyWithoutBaseURL : nil
        case .none: self.baseURL == nil ? .openWithoutBaseURL : nil
        case .demo: nil
        }
    }

    /// Total: of a combination with an objection it would be `demo`.
    package func mode(credentialsFileExists: Bool) -> UpstreamMode {
        switch self.authentication {
        case .demo:
            return .demo
        case .oauth:
            return .oauth(path: self.credentialsPath, baseURL: self.baseURL)
        case .none:
            return self.baseURL.map { .open(baseURL: $0) } ?? .demo
        case .apiKey:
            // Cannot be: the loader refuses such a combination.
            guard let key = self.apiKey, let baseURL = self.baseURL else { return .demo }
            return .apiKey(key, baseURL: baseURL)
        case .auto:
            if let key = self.apiKey, let baseURL = self.baseURL { return .apiKey(key, baseURL: baseURL) }
            // A forgotten credentials file must not hand its token to whatever address the user is trying out.
            if credentialsFileExists, self.baseURL.map(self.mayReceiveToken) ?? true {
                return .oauth(path: self.credentialsPath, baseURL: self.baseURL)
            }
            return self.baseURL.map { .open(baseURL: $0) } ?? .demo
        }
    }

    /// On this machine a token is as safe as its file.
    private func mayReceiveToken(_ baseURL: String) -> Bool {
        guard let address = HTTPAddress(baseURL) else { return false }
        return HostScope(address.host) == .loopback
            || (address.scheme == .https && self.trustedHosts.contains(address.host))
    }
}

/// The hosts that may receive the OAuth token. The credentials file names its host itself, and a program that can change that
/// line must not be able to have the token sent to them.
package struct TrustedHosts: Sendable, Equatable {
    /// A host, or `*.domain` for everything below it.
    private let patterns: [String]

    init(additional: [String] = []) {
        self.patterns = ["*.qwen.ai", "*.aliyuncs.com"] + additional.map { $0.lowercased() }
    }

    /// Whether `host` may receive the token. Case does not matter.
    package func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        return self.patterns.contains { pattern in
            pattern.hasPrefix("*.")
                // The dot stays in what is compared, so that `evilqwen.ai` does not pass for `*.qwen.ai`.
                ? host.hasSuffix(pattern.dropFirst()) && host.count >= pattern.count : host == pattern
        }
    }
}

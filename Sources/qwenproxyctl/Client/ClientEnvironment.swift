// SPDX-License-Identifier: Apache-2.0

import Shared

/// The variables with which Claude Code uses the daemon. A pure value.
struct ClientEnvironment: Equatable {
    /// In this order. Nil takes a variable away.
    var variables: [(name: String, value: String?)]

    static let address = "ANTHROPIC_BASE_URL"
    /// Presented as it is, without a question.
    static let token = "ANTHROPIC_AUTH_TOKEN"
    /// With this one, the client's first run wants to reach api.anthropic.com and ends when it cannot; later ones ask whether
    /// to use the key, and No is the default.
    static let questionedKey = "ANTHROPIC_API_KEY"

    /// Each of these would make Claude Code go elsewhere.
    static let defeating = ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"]

    private static let proxies = [
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
    ]

    /// - Parameter current: looks up a variable as it is now.
    init(_ settings: ClientSettings, current: (String) -> String?) {
        self.variables = [
            (Self.address, settings.baseURL), (Self.token, settings.apiKey), (Self.questionedKey, nil),
        ]
        self.variables += Self.defeating.filter { current($0) != nil }.map { ($0, nil) }
        if let exceptions = Self.proxyExceptions(for: settings.baseURL, current: current) {
            self.variables += [("NO_PROXY", exceptions), ("no_proxy", exceptions)]
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.variables.elementsEqual(right.variables) { $0 == $1 }
    }

    /// What NO_PROXY must be, when there is a proxy that would be asked for the daemon; nil when all is well.
    static func proxyExceptions(for baseURL: String, current: (String) -> String?) -> String? {
        guard Self.proxies.contains(where: { current($0) != nil }) else { return nil }
        guard let host = ServerAddress(url: baseURL)?.host else { return nil }
        let exceptions = current("NO_PROXY") ?? current("no_proxy") ?? ""
        let names = exceptions.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        guard !names.contains(where: { $0 == "*" || $0 == host }) else { return nil }
        return (names + [host]).joined(separator: ",")
    }
}

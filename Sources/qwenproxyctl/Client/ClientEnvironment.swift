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

    /// What the client asks for while the user has named no model.
    private static let usualModel = "claude-opus-5-5"
    /// The longest answers that are worth asking for: what is reserved for the answer is taken from the conversation.
    private static let outputLimit = 65_536
    /// The windows at which the client lets itself be told to compact.
    private static let compactionWindows = 100_000...1_000_000

    private static let proxies = [
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
    ]

    /// - Parameters:
    ///   - model: that answers; nil when the daemon cannot say.
    ///   - current: looks up a variable as it is now.
    init(_ settings: ClientSettings, model: RouteReport.Candidate?, current: (String) -> String?) {
        self.variables = [
            (Self.address, settings.baseURL), (Self.token, settings.apiKey), (Self.questionedKey, nil), Self.hints,
        ]
        if let model { self.variables += Self.limits(of: model).map { ($0.name, $0.value) } }
        // Only those that are set: the others would be lines without a meaning for the reader.
        self.variables += Self.defeating.filter { current($0) != nil }.map { ($0, nil) }
        if let exceptions = Self.proxyExceptions(for: settings.baseURL, current: current) {
            // Programs differ in the spelling that they look at.
            self.variables += [("NO_PROXY", exceptions), ("no_proxy", exceptions)]
        }
    }

    /// The model that the client will ask for.
    /// - Parameter current: looks up a variable as it is now.
    static func model(current: (String) -> String?) -> String {
        current("ANTHROPIC_MODEL").flatMap { $0.isEmpty ? nil : $0 } ?? Self.usualModel
    }

    /// Makes the client say what its requests are for.
    static let hints = (name: "CLAUDE_CODE_GATEWAY_HINT_HEADERS", value: String?.some("1"))

    /// What the client has to know about the model, since it knows no other than Anthropic's.
    static func limits(of model: RouteReport.Candidate) -> [(name: String, value: String)] {
        let compaction =
            // Below its own least figure the client would take none of it.
            model.contextWindow < Self.compactionWindows.lowerBound
            ? [] : [min(model.contextWindow, Self.compactionWindows.upperBound)]
        return [
            ("CLAUDE_CODE_MAX_OUTPUT_TOKENS", "\(min(model.maxOutputTokens, Self.outputLimit))"),
            // It counts for names that do not begin with "claude-". For the others, when to compact is all that can be said.
            ("CLAUDE_CODE_MAX_CONTEXT_TOKENS", "\(model.contextWindow)"),
        ] + compaction.map { ("CLAUDE_CODE_AUTO_COMPACT_WINDOW", "\($0)") }
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

extension ControlClient {
    /// What this daemon, and the model that answers there, mean for a client that this process starts.
    func clientEnvironment() throws(ControlError) -> ClientEnvironment {
        let settings = try self.clientSettings()
        // Without it only the limits are left out: the client works, with its own idea of the model.
        let route = try? self.explainRoute(.init(model: ClientEnvironment.model(current: ProcessEnvironment.value)))
        return ClientEnvironment(settings, model: route?.candidates.first, current: ProcessEnvironment.value)
    }
}

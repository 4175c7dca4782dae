// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// An upstream that is known by name, so that the user need not type its address or look up its rules.
package struct Preset: Sendable, Equatable {
    private let known: KnownUpstream
    /// The base of the Messages API, where the product has one.
    private(set) var anthropicURL: String?
    /// How the Messages API wants the key.
    private(set) var anthropicKeyHeader = KeyHeader.bearer
    /// Where the plan's terms admit coding agents only, the upstream is told which one is asking.
    private(set) var forwardsUserAgent = false
    /// Known limits only.
    private(set) var requestsPerMinute: Int?
    /// How the upstream identifies its users when nothing else is said.
    private(set) var authentication = UpstreamEntry.Authentication.auto

    var name: String { self.known.name }
    var product: UpstreamProduct { self.known.product }
    /// The base of the Chat Completions API. Nil where only the user knows; `{workspace}` and `{region}` are filled in.
    var baseURL: String? { self.known.baseURL }
    /// The variable in which the vendor's own tools look for the key.
    var keyVariable: String? { self.known.keyVariable }

    /// What the daemon alone has to know about a product.
    private init(_ known: KnownUpstream) {
        self.known = known
        let host = known.baseURL?.dropFirst("https://".count).prefix { $0 != "/" }
        let messagesURL = host.map { "https://\($0)/apps/anthropic" }
        switch known.product {
        case .modelStudio:
            self.anthropicURL = messagesURL
            self.anthropicKeyHeader = .xAPIKey
        case .codingPlan, .tokenPlan:
            self.anthropicURL = messagesURL
            self.forwardsUserAgent = true
        case .portal:
            self.requestsPerMinute = 60
            self.authentication = .oauth
        case .local:
            self.authentication = .none
        case .openRouter, .other:
            break
        }
    }

    static let all = KnownUpstream.all.map(Preset.init)

    static func named(_ name: String) -> Preset? {
        self.all.first { $0.name == name.lowercased() }
    }

    /// The preset whose address this is, so that a URL that was typed gets the same advice and manners.
    static func at(_ baseURL: String) -> Preset? {
        guard let host = HTTPAddress(baseURL)?.host else { return nil }
        return self.all.first { preset in
            preset.baseURL.flatMap { HTTPAddress($0)?.host } == host
        } ?? (host.hasSuffix(".maas.aliyuncs.com") ? self.named("dashscope-workspace") : nil)
    }

    /// The address for one API; nil when the preset has none for it.
    func address(for api: UpstreamAPI) -> String? {
        switch api {
        case .openAI: self.baseURL
        case .anthropic: self.anthropicURL
        }
    }

    /// Those with an address of their own: what `base_url` may be set to.
    static let addressed = Self.all.filter { $0.baseURL?.contains("{") == false }

    /// One line for error messages.
    package static let list = Self.addressed.map(\.name).joined(separator: ", ")
    static let names = Self.all.map(\.name).joined(separator: ", ")
}

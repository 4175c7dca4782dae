// SPDX-License-Identifier: Apache-2.0

internal import Catalog
package import Shared

/// One upstream, checked and complete: where it is, which language it speaks, and how we identify ourselves there.
package struct UpstreamDefinition: Sendable, Equatable {
    /// Where the upstream is, and what proves that we may ask it.
    package enum Access: Sendable, Equatable {
        /// What the credential store has to say: a login, or whatever `upstream.auth = "auto"` finds at the time.
        /// - Parameter baseURL: where the login's token goes, when the user gave an address.
        /// - Parameter loginOnly: what else the store has is another upstream's.
        case credentials(baseURL: String?, loginOnly: Bool)
        case key(Secret, header: KeyHeader, baseURL: String)
        case open(baseURL: String)
    }

    /// The one that the settings in `[upstream]` describe.
    package static let defaultName = "default"

    /// As the configuration calls it.
    package var name: String
    /// What an error there means, and what advice goes with it, depends on this.
    package var product: UpstreamProduct
    /// Chat Completions or the Messages API.
    package var api: UpstreamAPI
    /// Where it is and how we identify ourselves.
    package var access: Access
    /// The model that answers where no route names one.
    package var model: String
    /// The `User-Agent` header that is sent there.
    package var userAgent: String
    /// Whether the client's own `User-Agent` goes in place of ours.
    package var forwardsUserAgent = false
    /// Headers beside our own, from the configuration.
    package var headers: [UpstreamHeader] = []
    /// Nil when no limit is known.
    package var requestsPerMinute: Int?

    /// Nil while only the credential store knows.
    package var baseURL: String? {
        switch self.access {
        case .credentials(let baseURL, _): baseURL
        case .key(_, _, let baseURL), .open(let baseURL): baseURL
        }
    }
}

extension Configuration {
    /// The upstream of the settings in `[upstream]`.
    var defaultUpstream: UpstreamDefinition {
        let isPrimary = [nil, UpstreamDefinition.defaultName].contains(self.upstream.use)
        let access: UpstreamDefinition.Access =
            switch self.mode {
            case .apiKey(let key, let baseURL): .key(key, header: .bearer, baseURL: baseURL)
            // While it answers by itself, a login that appears later may still change how.
            case .open(let baseURL) where self.upstream.auth == .none || !isPrimary: .open(baseURL: baseURL)
            case .oauth, .open, .demo: .credentials(baseURL: self.upstream.baseURL, loginOnly: !isPrimary)
            }
        let product = self.upstream.baseURL.flatMap(self.catalog.product(ofURL:))
        return UpstreamDefinition(
            name: UpstreamDefinition.defaultName,
            product: product?.kind ?? Self.product(of: self.mode),
            api: .openAI,
            access: access,
            model: self.upstream.model ?? product?.defaultModel ?? Self.assumedModel,
            userAgent: self.upstream.userAgent,
            forwardsUserAgent: product?.admitsAgentsOnly ?? false,
            headers: self.upstream.headers,
            requestsPerMinute: product?.requestsPerMinute,
        )
    }

    /// Of an upstream about which nothing is known: open weights of this name are served in many places.
    static let assumedModel = "qwen3-coder-plus"

    private static func product(of mode: UpstreamMode) -> UpstreamProduct {
        switch mode {
        case .oauth: .portal
        case .open(let baseURL), .apiKey(_, let baseURL): UpstreamProduct(at: baseURL)
        case .demo: .other
        }
    }

    /// Every upstream, the default one first.
    package var upstreams: [UpstreamDefinition] { [self.defaultUpstream] + self.namedUpstreams }

    /// Nil when no upstream has this name.
    package func upstream(named name: String) -> UpstreamDefinition? {
        name == UpstreamDefinition.defaultName
            ? self.defaultUpstream : self.namedUpstreams.first { $0.name == name }
    }

    /// The upstream that answers when no route names another.
    package var primaryUpstream: UpstreamDefinition {
        self.upstream.use.flatMap { self.upstream(named: $0) } ?? self.defaultUpstream
    }
}

/// The language an upstream speaks: the `kind` of an upstream in the configuration.
package enum UpstreamAPI: String, Sendable, Equatable, CaseIterable {
    /// Chat Completions: requests and answers are translated.
    case openAI = "openai"
    /// The Messages API itself: requests and answers pass through.
    case anthropic
}

extension UpstreamProduct {
    /// Of an address that is no product's that we know.
    init(at baseURL: String) {
        self = HTTPAddress(baseURL).map { HostScope($0.host) } == .public ? .other : .local
    }
}

extension Catalog {
    /// The product whose address this is, so that a URL that was typed gets the same advice and manners.
    func product(ofURL baseURL: String) -> Product? { HTTPAddress(baseURL).flatMap { self.product(ofHost: $0.host) } }
}

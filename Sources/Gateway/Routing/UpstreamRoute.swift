// SPDX-License-Identifier: Apache-2.0

import Catalog
package import Configuration
import Credentials
import Knowledge
import Shared
package import Translation
import Transport

/// Where requests for one model go and in which form: decided once, from values only.
final class UpstreamRoute: Sendable {
    let identity: UpstreamIdentity
    /// Under which what the upstream teaches about the model is kept.
    let knowledgeKey: KnowledgeKey
    let api: UpstreamAPI
    let profile: ModelProfile
    /// Empty where no price is known.
    let prices: [ModelPrice]
    private let target: UpstreamTarget
    /// All but what depends on the request. Their secrets are revealed for as long as a head is made of them.
    private let headers: [RouteHeader]

    init(
        upstream: UpstreamDefinition, model: String, parameters: ParameterOverrides, userAgent: String,
        configuration: Configuration, authorization: UpstreamAuthorization, learned: LearnedTraits,
    ) {
        // The file of a login may name another address than the configuration.
        let address = HTTPAddress(authorization.baseURL)
        self.identity = UpstreamIdentity(
            name: upstream.name, product: upstream.product, kind: authorization.kind,
            host: address?.authority ?? authorization.baseURL, model: model,
            retirement: address.flatMap { configuration.catalog.product(ofHost: $0.host)?.retirement(of: model) })
        self.knowledgeKey = KnowledgeKey(upstream: upstream.name, baseURL: authorization.baseURL, model: model)
        self.api = upstream.api
        self.prices = configuration.catalog.prices(of: model, at: upstream.product)
        var profile = configuration.profile(of: model, at: authorization.baseURL, learned: learned)
        profile.overrides = parameters
        self.profile = profile
        let path =
            switch upstream.api {
            case .openAI: "/chat/completions"
            case .anthropic: "/v1/messages"
            }
        self.headers = Self.headers(authorization, upstream, userAgent: userAgent)
        self.target = UpstreamTarget(
            method: .post,
            url: authorization.baseURL + path,
            headers: self.headers.map(\.revealed),
            timeouts: .init(configuration.timeouts))
    }

    /// The request for one chat completion.
    func chatCompletions(body: any RequestBody) -> UpstreamRequest {
        UpstreamRequest(to: self.target, body: body)
    }

    /// The request for one message at an upstream that speaks the Messages API itself. The client's headers differ from
    /// request to request, so its head is made anew. What the configuration says of a header goes before the client's.
    func messages(
        body: [UInt8], isStreaming: Bool, clientHeaders: [(name: String, value: String)],
    ) -> UpstreamRequest {
        UpstreamRequest(
            method: .post, url: self.target.url,
            headers: self.messagesHeaders(isStreaming: isStreaming, clientHeaders: clientHeaders), body: body,
            timeouts: self.target.timeouts)
    }

    private func messagesHeaders(
        isStreaming: Bool, clientHeaders: [(name: String, value: String)],
    ) -> [(name: String, value: String)] {
        var headers = self.headers.map(\.revealed)
        headers.append((name: "Accept", value: isStreaming ? "text/event-stream" : "application/json"))
        let ours = Set(headers.map { $0.name.lowercased() })
        headers += clientHeaders.filter { !$0.value.isEmpty && !ours.contains($0.name) }
        // The Messages API demands it, and this daemon does not ask it of its clients.
        if !headers.contains(where: { $0.name.lowercased() == "anthropic-version" }) {
            headers.append((name: "anthropic-version", value: "2023-06-01"))
        }
        return headers
    }

    /// The request for what a server says about its models.
    func request(for question: ServerQuestion) -> UpstreamRequest {
        let body = question.body(model: self.identity.model)
        return UpstreamRequest(
            method: body == nil ? .get : .post,
            url: question.url(
                at: self.knowledgeKey.baseURL, model: self.identity.model, isMessagesAPI: self.api == .anthropic),
            headers: self.headers.map(\.revealed), body: body ?? [],
            // Short: such an answer is small and made at once, and all questions together have ten seconds.
            timeouts: .init(connect: .seconds(3), firstByte: .seconds(5), stall: .seconds(5)))
    }

    /// The request that finds something out. Such a request is small, and its answer is, too.
    func request(for question: ExaminationQuestion, seed: String) -> UpstreamRequest {
        let body = ExaminationRequest(question, for: self.profile, seed: seed).body(in: self.api.examined)
        let headers =
            switch self.api {
            case .openAI: self.headers.map(\.revealed)
            case .anthropic: self.messagesHeaders(isStreaming: question == .stream, clientHeaders: [])
            }
        return UpstreamRequest(
            method: .post, url: self.target.url + (question == .countTokens ? "/count_tokens" : ""), headers: headers,
            body: body, timeouts: .init(connect: .seconds(10), firstByte: .seconds(60), stall: .seconds(30)))
    }

    /// The request for a question of our own, which waits for the whole answer: it comes in one piece where the model allows
    /// that.
    func request(for question: MessagesRequest) -> UpstreamRequest {
        switch self.api {
        case .openAI:
            self.chatCompletions(
                body: question.chatCompletionsBody(
                    for: self.profile, stream: question.needsUpstreamStream(for: self.profile)))
        case .anthropic:
            self.messages(
                body: question.body(naming: self.identity.model, self.profile.overrides), isStreaming: false,
                clientHeaders: [])
        }
    }

    private static func headers(
        _ authorization: UpstreamAuthorization, _ upstream: UpstreamDefinition, userAgent: String,
    ) -> [RouteHeader] {
        var headers: [RouteHeader] = [.open("Content-Type", "application/json"), .open("User-Agent", userAgent)]
        if let bearer = authorization.bearer { headers.append(upstream.keyHeader(bearer)) }
        if authorization.kind == .oauth {
            // The portal wants to be told that its own login and cache are used (qwen-code's DashScope provider).
            headers += [.open("X-DashScope-AuthType", "qwen-oauth"), .open("X-DashScope-CacheControl", "enable")]
        }
        return headers + upstream.headers.map { .secret($0.name, prefix: "", $0.value) }
    }
}

/// A header of a route, kept without a copy of the secret in it.
enum RouteHeader: Sendable {
    case open(String, String)
    case secret(String, prefix: String, Secret)

    var revealed: (name: String, value: String) {
        switch self {
        case .open(let name, let value): (name, value)
        case .secret(let name, let prefix, let secret): (name, prefix + secret.reveal())
        }
    }
}

extension SplicedBytes: RequestBody {}

extension UpstreamAPI {
    /// The language in which a server with this API is examined.
    var examined: ExaminedAPI {
        switch self {
        case .openAI: .chatCompletions
        case .anthropic: .messages
        }
    }
}

extension UpstreamDefinition {
    /// What proves that we may ask.
    fileprivate func keyHeader(_ bearer: Secret) -> RouteHeader {
        if case .key(_, .xAPIKey, _) = self.access { return .secret("x-api-key", prefix: "", bearer) }
        return .secret("Authorization", prefix: "Bearer ", bearer)
    }
}

extension UpstreamRequest.Timeouts {
    init(_ timeouts: Configuration.Timeouts) {
        self.init(connect: timeouts.connect, firstByte: timeouts.firstByte, stall: timeouts.stall)
    }
}

extension Configuration {
    /// What is known about a model at an address: by the user, else by what the upstream told, else by the catalogue.
    package func profile(of model: String, at baseURL: String?, learned: LearnedTraits) -> ModelProfile {
        self.catalog.models.profile(
            for: model, at: baseURL.flatMap { HTTPAddress($0)?.host } ?? "", learned: learned
        ).applying(self.models.override(for: model))
    }
}

extension ModelProfile {
    /// What the user said about the model goes before what we know.
    fileprivate func applying(_ override: ModelOverride) -> ModelProfile {
        var profile = self
        if let tokens = override.contextWindow { profile.contextWindow = tokens }
        if let tokens = override.maxOutputTokens { profile.maximumOutputTokens = tokens }
        if let vision = override.vision { profile.acceptsImages = vision }
        if let thinking = override.thinking { profile.thinking = thinking }
        if let system = override.system { profile.systemMessage = system }
        if let parallel = override.parallelToolCalls { profile.sendsParallelToolCalls = parallel }
        if let output = override.structuredOutput { profile.structuredOutput = output }
        if let toolChoice = override.toolChoice { profile.toolChoice = toolChoice }
        return profile
    }
}

/// The upstream that answered, or did not. `UpstreamAdvice` makes sentences of it.
package struct UpstreamIdentity: Sendable, Equatable {
    /// As the configuration calls it.
    var name: String
    var product: UpstreamProduct
    var kind: UpstreamAuthorization.Kind
    /// Host, and port where it is not the scheme's own.
    var host: String
    /// The model that was asked for there.
    var model: String
    /// What is known about the end of the model there.
    var retirement: Retirement?
    /// Some models that it said it has; empty when that is not known.
    var offeredModels: [String] = []
}

// SPDX-License-Identifier: Apache-2.0

import Configuration
import Knowledge
import Server
import Translation

/// `GET /v1/models` and `GET /v1/models/ID`.
struct ModelsEndpoint {
    /// Claude Code's own aliases, November 2026. Its model discovery keeps only ids that contain `claude` or `anthropic`;
    /// these are the ones that its /model picker then resolves.
    private static let clientModels = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-2"]

    private let configuration: Configuration
    private let knowledge: KnowledgeStore
    private let models: [ModelInformation]

    /// Every name leads somewhere, so the list is a choice: the client's own names, and the real ones behind them.
    init(_ configuration: Configuration, knowledge: KnowledgeStore) {
        self.configuration = configuration
        self.knowledge = knowledge
        let primary = configuration.primaryUpstream
        var real: [(model: String, upstream: UpstreamDefinition)] = [(primary.model, primary)]
        for rule in configuration.rules {
            let upstream = rule.upstream.flatMap { configuration.upstream(named: $0) } ?? primary
            if let model = rule.model { real.append((model, upstream)) }
        }
        real += configuration.routes.routes.map { ($0.model, primary) }
        real += configuration.namedUpstreams.map { ($0.model, $0) }
        var models = Self.clientModels.map { ModelInformation($0, in: configuration, knowledge) }
        // Each once: a client that asks for what comes after a model that is there twice would get the same page for
        // ever.
        for (model, upstream) in real where !models.contains(where: { $0.id == model }) {
            models.append(ModelInformation(model, at: upstream, in: configuration, knowledge))
        }
        self.models = models
    }

    /// `?limit=1...1000` (20), `after_id` or `before_id` as in the Models API: `has_more` tells whether more models follow
    /// in the direction that was asked for.
    func list(query: String?, requestID: String) -> OutboundResponse {
        let query = QueryParameters(query)
        guard let limit = query["limit"].map({ Int($0) }) ?? 20, (1...1000).contains(limit) else {
            return Self.mistake("limit: must be a number from 1 to 1000", requestID)
        }
        let (after, before) = (query["after_id"], query["before_id"])
        guard after == nil || before == nil else {
            return Self.mistake("before_id: cannot be used together with after_id", requestID)
        }
        var page = self.models[...]
        if let after {
            guard let index = self.index(of: after) else {
                return Self.mistake("after_id: there is no model \(after)", requestID)
            }
            page = page[(index + 1)...]
        }
        if let before {
            guard let index = self.index(of: before) else {
                return Self.mistake("before_id: there is no model \(before)", requestID)
            }
            page = page[..<index]
        }
        // before_id asks for the models just before it, so the page ends there.
        let shown = before == nil ? page.prefix(limit) : page.suffix(limit)
        var writer = JSONWriter()
        writer.raw(#"{"data":["#)
        for (index, model) in shown.enumerated() {
            if index > 0 { writer.raw(",") }
            model.write(to: &writer)
        }
        writer.raw(#"],"has_more":"#)
        writer.raw(shown.count < page.count ? "true" : "false")
        writer.raw(#","first_id":"#)
        Self.write(shown.first?.id, to: &writer)
        writer.raw(#","last_id":"#)
        Self.write(shown.last?.id, to: &writer)
        writer.raw("}")
        return Self.json(writer.bytes)
    }

    /// One model.
    func model(id: String, requestID: String) -> OutboundResponse {
        // A name of Anthropic's is described although the list lacks it: a request for it would be answered.
        let isServed = ModelRoutes.isAnthropic(id) || self.configuration.routes.route(for: id) != nil
        let listed = self.models.first { $0.id == id }
        guard
            let model = listed ?? (isServed ? ModelInformation(id, in: self.configuration, self.knowledge) : nil)
        else {
            return MessagesAPIError(.notFound, message: "model: \(id)").response(requestID: requestID)
        }
        var writer = JSONWriter()
        model.write(to: &writer)
        return Self.json(writer.bytes)
    }

    private func index(of id: String) -> Int? { self.models.firstIndex { $0.id == id } }

    private static func mistake(_ message: String, _ requestID: String) -> OutboundResponse {
        MessagesAPIError(.invalidRequest, message: message).response(requestID: requestID)
    }

    private static func write(_ id: String?, to writer: inout JSONWriter) {
        if let id { writer.string(id) } else { writer.raw("null") }
    }

    private static func json(_ body: [UInt8]) -> OutboundResponse {
        OutboundResponse(status: 200, headers: [("content-type", "application/json")], body: body)
    }
}

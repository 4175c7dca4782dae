// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server
import Translation

/// `GET /v1/models` and `GET /v1/models/ID`.
struct ModelsEndpoint {
    struct Model: Sendable, Equatable {
        let id: String
        let displayName: String
    }

    /// Claude Code's own aliases, November 2026. Its model discovery keeps only ids that contain `claude` or `anthropic`;
    /// these are the ones that its /model picker then resolves.
    private static let clientModels = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-2"]

    private let models: [Model]

    /// Every name leads somewhere, so the list is a choice: the client's own names, and the real ones behind them. Each stands
    /// there once, or a client that asks for what comes after it would get the same page for ever.
    init(_ configuration: Configuration) {
        let aliases = Self.clientModels.map {
            Model(id: $0, displayName: "\(configuration.upstreamModel(for: $0)) (as \($0))")
        }
        var real: [Model] = []
        let routed = configuration.rules.compactMap(\.model) + configuration.routes.routes.map(\.model)
        for name in [configuration.primaryUpstream.model] + routed + configuration.namedUpstreams.map(\.model)
        where !(aliases + real).contains(where: { $0.id == name }) {
            real.append(Model(id: name, displayName: name))
        }
        self.models = aliases + real
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
        let shown = before == nil ? page.prefix(limit) : page.suffix(limit)
        var writer = JSONWriter()
        writer.raw(#"{"data":["#)
        for (index, model) in shown.enumerated() {
            if index > 0 { writer.raw(",") }
            Self.write(model, to: &writer)
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

    func model(id: String, requestID: String) -> OutboundResponse {
        guard let model = self.models.first(where: { $0.id == id }) else {
            return MessagesAPIError(.notFound, message: "model: \(id)").response(requestID: requestID)
        }
        var writer = JSONWriter()
        Self.write(model, to: &writer)
        return Self.json(writer.bytes)
    }

    private func index(of id: String) -> Int? { self.models.firstIndex { $0.id == id } }

    private static func mistake(_ message: String, _ requestID: String) -> OutboundResponse {
        MessagesAPIError(.invalidRequest, message: message).response(requestID: requestID)
    }

    private static func write(_ model: Model, to writer: inout JSONWriter) {
        writer.raw(#"{"type":"model","id":"#)
        writer.string(model.id)
        writer.raw(#","display_name":"#)
        writer.string(model.displayName)
        // The upstreams do not say when a model was made, and the API wants a date.
        writer.raw(#","created_at":"1970-01-01T00:00:00Z"}"#)
    }

    private static func write(_ id: String?, to writer: inout JSONWriter) {
        if let id { writer.string(id) } else { writer.raw("null") }
    }

    private static func json(_ body: [UInt8]) -> OutboundResponse {
        OutboundResponse(status: 200, headers: [("content-type", "application/json")], body: body)
    }
}

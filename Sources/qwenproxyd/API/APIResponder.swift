// SPDX-License-Identifier: Apache-2.0

import Translation

/// What the HTTP server calls: finds the endpoint for a request.
struct APIResponder: Responder {
    let configuration: ConfigurationStore
    let messages: MessagesEndpoint
    let readiness: Readiness

    func respond(to request: InboundRequest, writer: ResponseWriter) async {
        let route = Route(method: request.method, path: request.path)
        if route.needsKey, let key = self.configuration.snapshot.configuration.server.localAPIKey, !key.admits(request) {
            let error = MessagesAPIError(
                .authentication,
                message:
                    "This qwenproxyd wants a local API key: set ANTHROPIC_API_KEY to the value of QWEN_LOCAL_API_KEY.",
                retry: .pointless)
            return writer.send(error.response(requestID: request.id))
        }
        switch route {
        case .messages:
            await self.messages.respond(to: request, writer: writer)
        case .countTokens:
            writer.send(CountTokensEndpoint.response(to: request))
        case .models:
            writer.send(ModelsEndpoint(self.configuration.current).list(query: request.query, requestID: request.id))
        case .model(let id):
            writer.send(ModelsEndpoint(self.configuration.current).model(id: id, requestID: request.id))
        case .hello:
            writer.send(HealthEndpoint.hello)
        case .liveness:
            writer.send(HealthEndpoint.alive)
        case .readiness:
            writer.send(HealthEndpoint.readiness(self.readiness.state()))
        case .methodNotAllowed(let methods):
            let error = MessagesAPIError(
                .invalidRequest, status: 405, message: "\(request.path) has no method \(request.method).",
                headers: [("allow", methods.joined(separator: ", "))])
            writer.send(error.response(requestID: request.id))
        case .unknown:
            writer.send(Self.notFound(request.path).response(requestID: request.id))
        }
    }

    func rejection(_ reason: ProtocolRejection, requestID: String) -> OutboundResponse {
        MessagesAPIError(reason).response(requestID: requestID)
    }

    private static func notFound(_ path: String) -> MessagesAPIError {
        let hint =
            path.hasPrefix("/v1/v1/")
            ? " ANTHROPIC_BASE_URL must not end in /v1." : " qwenproxyd speaks the Messages API: POST /v1/messages."
        return MessagesAPIError(.notFound, message: "There is nothing at \(path).\(hint)")
    }
}

extension Route {
    /// Whether a local key, where one is set, must be presented. The connection warm-up of Claude Code carries none, and
    /// health checks have none.
    fileprivate var needsKey: Bool {
        switch self {
        case .messages, .countTokens, .models, .model: true
        case .hello, .liveness, .readiness, .methodNotAllowed, .unknown: false
        }
    }
}

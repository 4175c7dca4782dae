// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Server
import Translation

/// What the HTTP server calls: finds the endpoint for a request.
package struct APIResponder: Responder {
    let configuration: ConfigurationStore
    let messages: MessagesEndpoint
    let readiness: Readiness
    /// Reads a configuration with mistakes again, in case that it was mended.
    let mend: @Sendable () -> Void

    package init(
        configuration: ConfigurationStore, messages: MessagesEndpoint, readiness: Readiness,
        mend: @escaping @Sendable () -> Void,
    ) {
        self.configuration = configuration
        self.messages = messages
        self.readiness = readiness
        self.mend = mend
    }

    /// Finds the endpoint and returns when its answer is complete. Errors become answers.
    package func respond(to request: consuming InboundRequest, writer: ResponseWriter) async {
        let route = Route(method: request.method, path: request.path)
        if let error = self.refusal(of: request, route) {
            writer.send(error.response(requestID: request.id))
        } else if let response = self.immediateResponse(to: request, route: route) {
            writer.send(response)
        } else {
            await self.messages.respond(to: consume request, writer: writer)
        }
    }

    private func refusal(of request: borrowing InboundRequest, _ route: Route) -> MessagesAPIError? {
        var snapshot = self.configuration.snapshot
        if !snapshot.configuration.mistakes.isEmpty {
            self.mend()
            snapshot = self.configuration.snapshot
        }
        if route.needsKey, let key = snapshot.configuration.server.localAPIKey, !key.admits(request) {
            return MessagesAPIError(
                .authentication,
                message:
                    "This qwenproxyd wants a local API key: set ANTHROPIC_AUTH_TOKEN to the value of QWEN_LOCAL_API_KEY, or "
                    + "run `eval \"$(qwenproxyctl env)\"`.",
                retry: .pointless)
        }
        // After the key: a client without it is not told what the configuration says.
        return route.needsUpstream ? MessagesAPIError(snapshot.configuration.mistakes) : nil
    }

    /// What can be said without asking an upstream; nil for a message.
    private func immediateResponse(to request: borrowing InboundRequest, route: Route) -> OutboundResponse? {
        // No part of the asynchronous function, whose variables all take up memory as long as a stream lasts.
        switch route {
        case .messages:
            return nil
        case .countTokens:
            return CountTokensEndpoint(
                plans: self.messages.plans, weights: self.messages.weights, configuration: self.configuration.snapshot
            ).response(to: request)
        case .models:
            return self.modelsEndpoint.list(query: request.query, requestID: request.id)
        case .model(let id):
            return self.modelsEndpoint.model(id: id, requestID: request.id)
        case .hello:
            return HealthEndpoint.hello
        case .liveness:
            return HealthEndpoint.alive
        case .readiness:
            return HealthEndpoint.readiness(self.readiness.state())
        case .metrics:
            return MetricsEndpoint(self.messages.metrics).response
        case .methodNotAllowed(let methods):
            let error = MessagesAPIError(
                .invalidRequest, status: 405, message: "\(request.path) has no method \(request.method).",
                // A 405 has to name the methods that there are (RFC 9110, section 15.5.6).
                headers: [("allow", methods.joined(separator: ", "))])
            return error.response(requestID: request.id)
        case .unknown:
            return Self.notFound(request.path).response(requestID: request.id)
        }
    }

    private var modelsEndpoint: ModelsEndpoint {
        ModelsEndpoint(self.configuration.current, knowledge: self.messages.plans.knowledge)
    }

    /// The Messages API's error for a request that HTTP itself did not let through.
    package func rejection(_ reason: ProtocolRejection, requestID: String) -> OutboundResponse {
        MessagesAPIError(reason).response(requestID: requestID)
    }

    /// The Messages API's error for an answer that the server cuts.
    package func interruption(requestID: String) -> ResponseInterruption? {
        let error = MessagesAPIError(
            .overloaded, status: 503, message: "qwenproxyd had to end before this answer was complete. Ask again.",
            retry: .after(.seconds(1)))
        return ResponseInterruption(
            response: error.response(requestID: requestID), event: error.event(requestID: requestID))
    }

    private static func notFound(_ path: String) -> MessagesAPIError {
        let hint =
            // Claude Code appends /v1/messages itself, and other tools want an address that ends in /v1.
            path.hasPrefix("/v1/v1/")
            ? " ANTHROPIC_BASE_URL must not end in /v1." : " qwenproxyd speaks the Messages API: POST /v1/messages."
        return MessagesAPIError(.notFound, message: "There is nothing at \(path).\(hint)")
    }
}

extension Route {
    /// Whether the answer depends on the upstream, which a configuration with mistakes does not name.
    fileprivate var needsUpstream: Bool {
        switch self {
        case .messages, .countTokens, .models, .model: true
        case .hello, .liveness, .readiness, .metrics, .methodNotAllowed, .unknown: false
        }
    }

    /// Whether a local key, where one is set, must be presented.
    fileprivate var needsKey: Bool {
        switch self {
        case .messages, .countTokens, .models, .model, .metrics: true
        // The connection warm-up of Claude Code carries no key, and health checks have none.
        case .hello, .liveness, .readiness, .methodNotAllowed, .unknown: false
        }
    }
}

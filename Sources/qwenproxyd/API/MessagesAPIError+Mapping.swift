// SPDX-License-Identifier: Apache-2.0

import Translation

// The one place where every error of the rooms below becomes what a client sees.

extension MessagesAPIError {
    /// A request that we do not understand.
    init(_ error: InvalidRequest) {
        let message = error.path.isEmpty ? error.message : "\(error.path): \(error.message)"
        self.init(.invalidRequest, message: message, detailsErrorCode: error.detailsErrorCode)
    }

    /// An HTTP request that never became one for an endpoint.
    init(_ rejection: ProtocolRejection) {
        switch rejection {
        case .malformed(let reason):
            self.init(.invalidRequest, message: "The HTTP request is malformed: \(reason)")
        case .bodyTooLarge(let limit):
            self.init(.requestTooLarge, message: "The request is larger than the limit of \(limit) bytes.")
        case .foreignOrigin(let origin):
            self.init(
                .permission,
                message: """
                    qwenproxyd serves programs on this machine only, and this request came for or from "\(origin)". \
                    If that name is yours, add it to QWEN_ALLOWED_HOSTS.
                    """)
        case .stopping:
            self.init(.overloaded, status: 503, message: "qwenproxyd is stopping.", retry: .after(.seconds(1)))
        }
    }

    /// No connection, or a connection that failed.
    init(_ error: UpstreamError, from upstream: UpstreamIdentity) {
        switch error {
        case .invalidURL(let url):
            self.init(
                .invalidRequest, message: "The upstream's address \"\(url)\" cannot be used: check QWEN_BASE_URL.")
        case .unresolvableHost(let host):
            self.init(
                .api, status: 502,
                message: "The upstream's name \(host) could not be resolved: check the network and QWEN_BASE_URL.")
        case .unreachable(let host, let reason):
            self.init(
                .api, status: 502,
                message: "The upstream \(host) could not be reached (\(reason)): is it running, is QWEN_BASE_URL right?"
            )
        case .insecure(let host, let reason):
            self.init(
                .api, status: 502,
                message:
                    "No secure connection to the upstream \(host) (\(reason)). Set QWEN_CA_FILE if it has its own CA.",
                retry: .pointless)
        case .timedOut:
            self.init(.timeout, message: "The upstream \(upstream.host) did not answer in time.")
        case .stalled:
            self.init(.timeout, message: "The upstream \(upstream.host) fell silent in the middle of its answer.")
        case .interrupted(let reason):
            self.init(
                .api, status: 502, message: "The connection to the upstream \(upstream.host) broke (\(reason)).")
        case .tooLarge(let limit):
            self.init(.api, status: 502, message: "The upstream's answer is longer than \(limit) bytes.")
        case .cancelled:
            self.init(.api, message: "The request was cancelled.")
        }
    }

    /// Nothing to present to the upstream.
    init(_ error: CredentialError) {
        switch error {
        case .noUpstream, .noLogin, .missing, .invalid, .expired, .refused:
            self.init(.authentication, message: error.description, retry: .pointless)
        case .unavailable(_, _, let pause):
            self.init(.api, status: 503, message: error.description, retry: .after(max(pause, .seconds(1))))
        case .cancelled:
            self.init(.api, message: error.description)
        }
    }

    /// The upstream's own refusal, by status or inside its stream.
    init(_ failure: UpstreamFailure, retryAfter: Duration?, from upstream: UpstreamIdentity) {
        let said = "\(upstream.host): \(failure.message)"
        switch failure.category {
        case .invalidCredentials:
            self.init(
                .authentication,
                message: "The upstream refused our credentials. \(said)\n\(upstream.credentialsAdvice)",
                retry: .pointless)
        case .permissionDenied:
            self.init(.permission, message: said)
        case .agentsOnly:
            self.init(
                .permission,
                message: "\(said) This plan admits known coding agents only: see QWEN_USER_AGENT.", retry: .pointless)
        case .modelNotFound:
            self.init(
                .notFound,
                message:
                    "\(said) The model asked for was \"\(upstream.model)\": set QWEN_MODEL to one this upstream has.")
        case .hardQuota:
            self.init(.rateLimit, message: said, retry: .pointless)
        case .billing:
            self.init(.billing, message: said, retry: .pointless)
        case .rateLimited:
            self.init(.rateLimit, message: said, retry: retryAfter.map { .after($0) } ?? .unsaid)
        case .contextTooLong(let tokens, let maximum):
            // The one wording that makes Claude Code compact the conversation and go on.
            let maximum = maximum ?? tokens.map { $0 - 1 } ?? 0
            let tokens = max(tokens ?? 0, maximum + 1)
            self.init(.invalidRequest, message: "prompt is too long: \(tokens) tokens > \(maximum) maximum")
        case .outputLimitTooHigh(let maximum):
            // The client reads the figure and asks again with it; that the limit was passed is all we know.
            let wording = "which is the maximum allowed number of output tokens for this model"
            self.init(
                .invalidRequest,
                message: maximum.map { "max_tokens: \($0 + 1) > \($0), \(wording)" } ?? said)
        case .contentRejected, .invalidRequest:
            self.init(.invalidRequest, message: said)
        case .requestTooLarge:
            self.init(.requestTooLarge, message: said)
        case .overloaded:
            self.init(.overloaded, message: said, retry: retryAfter.map { .after($0) } ?? .unsaid)
        case .timedOut:
            self.init(.timeout, message: said)
        case .internalError, .invalidOutput:
            let status = failure.status.flatMap { (500...599).contains($0) ? $0 : nil }
            self.init(.api, status: status, message: said, retry: retryAfter.map { .after($0) } ?? .unsaid)
        case .unreadable, .interrupted:
            self.init(.api, status: 502, message: said)
        }
    }

    /// The upstream said 200 and nothing else, twice.
    init(emptyAnswerFrom upstream: UpstreamIdentity) {
        self.init(.api, status: 502, message: "The upstream \(upstream.host) answered with an empty stream.")
    }
}

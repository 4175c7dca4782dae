// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Server
import Shared
import Translation
import Transport

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
        case .unsupportedCoding(let name):
            self.init(
                .invalidRequest, status: 415,
                message: """
                    The request is compressed with "\(name)", which qwenproxyd does not read: it takes \
                    \(ProtocolRejection.supportedCodings), and requests that are not compressed.
                    """,
                // RFC 9110 (section 12.5.3) lets a 415 tell this way what is read.
                headers: [("accept-encoding", ProtocolRejection.supportedCodings)])
        case .outOfMemory:
            self.init(
                .overloaded,
                message: """
                    The requests and answers that qwenproxyd is holding take up all the memory that they may \
                    (server.max_buffered_bytes). This one was not begun.
                    """,
                retry: .after(.seconds(5)))
        case .foreignUser(let user):
            self.init(
                .permission,
                message: """
                    qwenproxyd serves its own user and root only, and this connection comes from \
                    \(user.map { "user \($0)" } ?? "a process that cannot be found"). For other users, containers and \
                    port forwards there is QWEN_ALLOWED_USERS (server.allowed_users).
                    """,
                retry: .pointless)
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
        let advice = upstream.unreachableAdvice
        switch error {
        case .invalidURL(let url):
            self.init(
                .invalidRequest, message: "The address \"\(url)\" of \(upstream.title) cannot be used. \(advice)")
        case .unresolvableHost(let host):
            let title = upstream.title
            let name = title.contains(host) ? "The name" : "The name \(host)"
            self.init(.api, status: 502, message: "\(name) of \(title) could not be resolved. \(advice)")
        case .unreachable(_, let reason):
            self.init(.api, status: 502, message: "No connection to \(upstream.title): \(reason). \(advice)")
        case .proxyFailed(let proxy, let reason):
            self.init(
                .api, status: 502,
                message: """
                    No connection to \(upstream.title) through the proxy \(proxy) that the environment names: \(reason). \
                    If it can be reached without a proxy, name its host in no_proxy.
                    """)
        case .notHTTP:
            self.init(
                .api, status: 502,
                message: """
                    What listens at the address of \(upstream.title) does not speak HTTP. Another service may have that \
                    port, or it wants https. \(advice)
                    """,
                retry: .pointless)
        case .redirected(let status, let location):
            self.init(
                .api, status: 502,
                message: """
                    \(upstream.title) redirects to \(location ?? "an address that cannot be read") (status \(status)). \
                    Redirects are not followed, because the key would go along. \(upstream.redirectAdvice(to: location))
                    """,
                retry: .pointless)
            // Where to is the upstream's word.
            self.outline = "\(upstream.title) redirects to another address (status \(status))."
        case .undecodable(let reason):
            self.init(
                .api, status: 502, message: "The answer from \(upstream.title) cannot be read: \(reason).")
        case .insecure(_, let reason):
            self.init(
                .api, status: 502,
                message:
                    "No secure connection to \(upstream.title): \(reason). Set QWEN_CA_FILE if it has its own CA.",
                retry: .pointless)
        case .timedOut:
            self.init(.timeout, message: "There was no answer in time from \(upstream.title).")
        case .stalled:
            self.init(.timeout, message: "There was silence in the middle of an answer from \(upstream.title).")
        case .interrupted(let reason):
            self.init(
                .api, status: 502, message: "The connection to \(upstream.title) broke: \(reason).")
        case .tooLarge(let limit):
            self.init(
                .api, status: 502, message: "The answer from \(upstream.title) is longer than \(limit) bytes.")
        case .cancelled:
            self.init(.api, message: "The request was cancelled.")
        }
    }

    /// So many requests wait already that this one would wait too long.
    init(lineAt upstream: UpstreamDefinition, wait: Duration) {
        self.init(
            .rateLimit,
            message: """
                upstream "\(upstream.name)" takes \(upstream.requestsPerMinute ?? 0) requests per minute, and more are \
                waiting than fit. Set requests_per_minute if its limit is higher.
                """,
            retry: .after(wait))
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
    ///
    /// - Parameter asked: the client's `max_tokens`, for the sentence about it.
    init(_ failure: UpstreamFailure, retryAfter: Duration?, from upstream: UpstreamIdentity, asked: Int? = nil) {
        let words = "\(upstream.title) said: \(Redactor.process.hidingTraces(failure.message))"
        self.init(failure, retryAfter: retryAfter, from: upstream, asked: asked, said: words)
        let outline = failure.outline(of: upstream)
        self.outline = Self(failure, retryAfter: nil, from: upstream, asked: asked, said: outline).message
    }

    private init(
        _ failure: UpstreamFailure, retryAfter: Duration?, from upstream: UpstreamIdentity, asked: Int?,
        said words: String,
    ) {
        // At the beginning of a sentence.
        let said = words.prefix(1).uppercased() + words.dropFirst()
        switch failure.category {
        case .invalidCredentials:
            self.init(
                .authentication,
                message: "Our credentials were refused: \(words)\n\(upstream.credentialsAdvice)",
                retry: .pointless)
        case .permissionDenied:
            self.init(.permission, message: "\(said)\n\(upstream.modelAdvice)")
        case .agentsOnly:
            self.init(
                .permission,
                message: "\(said)\n\(upstream.agentsOnlyAdvice)", retry: .pointless)
        case .modelNotFound:
            self.init(
                .notFound,
                message: "\(said)\n\(upstream.modelAdvice)")
        case .hardQuota:
            self.init(.rateLimit, message: "\(said)\n\(upstream.quotaAdvice)", retry: .pointless)
        case .billing:
            self.init(.billing, message: "\(said)\n\(upstream.billingAdvice)", retry: .pointless)
        case .rateLimited:
            self.init(.rateLimit, message: said, retry: retryAfter.map { .after($0) } ?? .unsaid)
        case .contextTooLong(let tokens, let maximum):
            // The one wording that makes Claude Code compact the conversation and go on.
            let maximum = maximum ?? tokens.map { $0 - 1 } ?? 0
            // Both figures must be there, the first the larger one.
            let tokens = max(tokens ?? 0, maximum + 1)
            self.init(.invalidRequest, message: "prompt is too long: \(tokens) tokens > \(maximum) maximum")
        case .outputLimitTooHigh(let maximum):
            self.init(.invalidRequest, message: Self.outputLimit(maximum, asked: asked) ?? said)
        case .outputDoesNotFit(let promptTokens, let window):
            var room: Int?
            if let promptTokens, let window, promptTokens < window { room = window - promptTokens }
            self.init(.invalidRequest, message: Self.outputLimit(room, asked: asked) ?? said)
        case .imagesRefused:
            self.init(.invalidRequest, message: "\(said)\n\(upstream.imagesAdvice)")
        case .parameterRefused(let parameter):
            self.init(.invalidRequest, message: "\(said)\nIt refuses \(parameter.rawValue) for this model.")
        case .contentRejected, .invalidRequest:
            self.init(.invalidRequest, message: said)
        case .requestTooLarge:
            self.init(.requestTooLarge, message: said)
        case .overloaded:
            self.init(.overloaded, message: said, retry: retryAfter.map { .after($0) } ?? .unsaid)
        case .timedOut:
            self.init(.timeout, message: said)
        case .internalError, .invalidOutput:
            // A failure inside a stream has status 200, which must not become that of an error.
            let status = failure.status.flatMap { (500...599).contains($0) ? $0 : nil }
            self.init(.api, status: status, message: said, retry: retryAfter.map { .after($0) } ?? .unsaid)
        case .unreadable, .interrupted:
            self.init(.api, status: 502, message: said)
        }
    }

    /// The client reads the second figure and asks again with it.
    private static func outputLimit(_ maximum: Int?, asked: Int?) -> String? {
        guard let maximum else { return nil }
        // The larger one of the two, whatever the client asked: else it does not take the message for this error.
        let asked = max(asked ?? 0, maximum + 1)
        return "max_tokens: \(asked) > \(maximum), which is the maximum allowed number of output tokens for this model"
    }

    /// The upstream said 200 and nothing else, twice.
    init(emptyAnswerFrom upstream: UpstreamIdentity) {
        self.init(.api, status: 502, message: "There was nothing in the answer from \(upstream.title).")
    }
}

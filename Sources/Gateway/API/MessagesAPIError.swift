// SPDX-License-Identifier: Apache-2.0

import Server
import Shared
import Translation

/// The one error a client can see: a kind and a status of the Messages API.
struct MessagesAPIError: Error, Sendable, Equatable {
    /// The API's own kinds (docs: "Errors" of the Messages API); the raw value is `error.type`.
    enum Kind: String, Sendable, CaseIterable {
        case invalidRequest = "invalid_request_error"
        case authentication = "authentication_error"
        case billing = "billing_error"
        case permission = "permission_error"
        case notFound = "not_found_error"
        case requestTooLarge = "request_too_large"
        case rateLimit = "rate_limit_error"
        case api = "api_error"
        case timeout = "timeout_error"
        case overloaded = "overloaded_error"

        var status: Int {
            switch self {
            case .invalidRequest: 400
            case .authentication: 401
            case .billing: 402
            case .permission: 403
            case .notFound: 404
            case .requestTooLarge: 413
            case .rateLimit: 429
            case .api: 500
            case .timeout: 504
            // No registered status, but what Anthropic's own API sends.
            case .overloaded: 529
            }
        }
    }

    /// What we know about asking again. Claude Code repeats 401, 408, 429, 5xx and broken connections ten times over
    /// three minutes unless it is told not to.
    enum Retry: Sendable, Equatable {
        /// The client's own rules.
        case unsaid
        case pointless
        case after(Duration)
    }

    var kind: Kind
    /// Differs from the kind's own status only where HTTP has a better word (405, 502, 503).
    var status: Int
    /// For the client, which may read the upstream's own words.
    var message: String
    /// For the log and `status`: the same without the upstream's words.
    var outline: String
    var retry: Retry
    /// `error.details.error_code`, for the codes a client acts on.
    var detailsErrorCode: String?
    /// Further headers, `allow` for example.
    var headers: [(name: String, value: String)]

    init(
        _ kind: Kind, status: Int? = nil, message: String, retry: Retry = .unsaid, detailsErrorCode: String? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.kind = kind
        self.status = status ?? kind.status
        self.message = message
        self.outline = message
        self.retry = retry
        self.detailsErrorCode = detailsErrorCode
        self.headers = headers
    }

    static func == (one: Self, other: Self) -> Bool {
        one.kind == other.kind && one.status == other.status && one.message == other.message
            && one.outline == other.outline && one.retry == other.retry
            && one.detailsErrorCode == other.detailsErrorCode
            && one.headers.elementsEqual(other.headers, by: ==)
    }
}

extension MessagesAPIError {
    /// The error as a response with a status, for as long as nothing was sent.
    func response(requestID: String) -> OutboundResponse {
        var headers = [(name: "content-type", value: "application/json")]
        switch self.retry {
        case .unsaid: break
        // Anthropic's SDKs, and Claude Code with them, go by this header before they look at the status.
        case .pointless: headers.append(("x-should-retry", "false"))
        case .after(let delay):
            // Claude Code reads whole seconds only, and gives up at once when there are more than 60.
            headers.append(("retry-after", String(max(1, Int(delay.seconds.rounded(.up))))))
        }
        return OutboundResponse(
            status: self.status, headers: headers + self.headers, body: self.body(requestID: requestID))
    }

    /// The error as the last event of a stream that has begun.
    func event(requestID: String) -> [UInt8] {
        EventStreamWriter.errorEvent(
            // The upstream's words may quote the key that it was sent.
            type: self.kind.rawValue, message: Redactor.process.hiding(self.message), requestID: requestID)
    }

    private func body(requestID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"type":"error","error":{"type":"#)
        writer.string(self.kind.rawValue)
        writer.raw(#","message":"#)
        writer.string(Redactor.process.hiding(self.message))
        if let code = self.detailsErrorCode {
            writer.raw(#","details":{"error_code":"#)
            writer.string(code)
            writer.raw("}")
        }
        writer.raw(#"},"request_id":"#)
        writer.string(requestID)
        writer.raw("}")
        return writer.bytes
    }
}

extension Duration {
    /// With fractions; good enough for headers and logs.
    package var seconds: Double {
        let (seconds, attoseconds) = self.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

// SPDX-License-Identifier: Apache-2.0

package import Configuration
internal import Shared
package import Transport

/// The server that hands out tokens.
package struct AuthorizationServer: Sendable {
    /// There was no reply.
    struct Unreachable: Error, Sendable, Equatable, CustomStringConvertible {
        var description: String
    }

    /// For one request, whatever the server does. A reply that comes later is lost, and with it perhaps the rotated refresh
    /// token: this is longer than a server can reasonably take.
    package static let timeLimit: Duration = .seconds(20)

    let client: UpstreamClient
    let settings: Configuration.OAuth
    let userAgent: String
    var timeLimit = Self.timeLimit

    package init(
        client: UpstreamClient, settings: Configuration.OAuth, userAgent: String, timeLimit: Duration = Self.timeLimit,
    ) {
        self.client = client
        self.settings = settings
        self.userAgent = userAgent
        self.timeLimit = timeLimit
    }

    /// Asks for a new token. The refresh token is used up by that, if the request gets through.
    func refresh(with token: Secret) async throws(Unreachable) -> AuthorizationServerReply {
        try await self.post(
            to: self.settings.tokenURL,
            [
                ("grant_type", "refresh_token"), ("refresh_token", token.reveal()),
                ("client_id", self.settings.clientID),
            ])
    }

    func post(
        to url: String, _ fields: [(name: String, value: String)], headers: [(name: String, value: String)] = [],
    ) async throws(Unreachable) -> AuthorizationServerReply {
        let request = UpstreamRequest(
            method: .post, url: url,
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
                ("User-Agent", self.userAgent),
            ] + headers,
            body: FormBody.encode(fields),
            timeouts: .init(connect: self.timeLimit / 2, firstByte: self.timeLimit, stall: self.timeLimit))
        let client = self.client
        // The timeouts bound one step each, and a slow server could stretch them all.
        let result: Result<AuthorizationServerReply, UpstreamError>? = await withTimeLimit(self.timeLimit) {
            do throws(UpstreamError) {
                let (head, body) = try await client.fetch(request, limit: AuthorizationServerReply.limit)
                return .success(.init(status: head.status, retryAfter: head.retryAfter, body: body))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let reply): return reply
        case .failure(let error): throw Unreachable(description: Self.words(for: error, url))
        case nil: throw Unreachable(description: "\(Self.host(of: url)) did not answer in time")
        }
    }

    private static func host(of url: String) -> String { HTTPAddress(url)?.authority ?? url }

    private static func words(for error: UpstreamError, _ url: String) -> String {
        let host = Self.host(of: url)
        switch error {
        case .invalidURL: return "the address \(url) cannot be used"
        case .unresolvableHost: return "the name \(host) could not be resolved"
        case .unreachable(_, let reason): return "\(host) could not be reached: \(reason)"
        case .proxyFailed(let proxy, let reason):
            return "there is no connection to \(host) through the proxy \(proxy): \(reason)"
        case .redirected(_, let location): return "\(host) redirects to \(location ?? "nowhere")"
        case .insecure(_, let reason): return "no secure connection to \(host): \(reason)"
        case .timedOut, .stalled: return "\(host) did not answer in time"
        case .interrupted(let reason): return "the connection to \(host) broke: \(reason)"
        case .tooLarge, .notHTTP, .undecodable: return "\(host) answered with something that is no token reply"
        case .cancelled: return "the request was cancelled"
        }
    }
}

/// A body of the type `application/x-www-form-urlencoded`.
enum FormBody {
    static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
        Array(fields.map { "\(self.encoded($0.name))=\(self.encoded($0.value))" }.joined(separator: "&").utf8)
    }

    private static func encoded(_ text: String) -> String {
        // What the WHATWG URL standard leaves as it is in a form, where a space becomes a plus sign.
        text.percentEncoded(keeping: "-._* ").replacing(" ", with: "+")
    }
}

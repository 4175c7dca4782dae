// SPDX-License-Identifier: Apache-2.0

/// What can go wrong below HTTP. An answer with an error status is not one of these: it has a head and a body.
package enum UpstreamError: Error, Sendable, Equatable {
    /// The address of the upstream could not be understood.
    case invalidURL(String)
    /// The proxy that the environment names gave no connection. `proxy` is its host and port.
    case proxyFailed(proxy: String, reason: String)
    /// The host's name could not be resolved.
    case unresolvableHost(String)
    /// No connection: refused, unreachable, or not made in time.
    case unreachable(host: String, reason: String)
    /// TLS was not established; the certificate did not verify, for example.
    case insecure(host: String, reason: String)
    /// What came back was not HTTP: another kind of server listens there, or one that wants TLS.
    case notHTTP(host: String)
    /// The upstream sends requests elsewhere, where they do not follow. `location` is the URL it names, without what may
    /// be secret in it, or nil when it names none.
    case redirected(status: Int, location: String?)
    /// The answer is compressed, and cannot be decompressed.
    case undecodable(reason: String)
    /// Connected and sent, but no answer within the first-byte timeout.
    case timedOut
    /// The answer began and then fell silent for the stall timeout.
    case stalled
    /// The connection broke before the answer was complete.
    case interrupted(reason: String)
    /// The answer was longer than the caller's limit, or its header or trailer lines were longer than are kept.
    case tooLarge(limit: Int)
    /// We took it back. Not an error to report.
    case cancelled
}

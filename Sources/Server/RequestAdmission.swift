// SPDX-License-Identifier: Apache-2.0

/// Decides at the head whether a request is worth its body.
struct RequestAdmission: Sendable {
    enum Decision: Sendable {
        /// `sendsContinue`: the client waits for `100 Continue` before it sends the body.
        case admit(RequestTarget, coding: ContentCoding?, sendsContinue: Bool)
        case reject(ProtocolRejection)
    }

    /// The client's user is not one that is served.
    var foreigner: PeerCheck.Objection?
    var originPolicy: LocalOriginPolicy
    var maximumBodySize: Int

    func decision(on head: RequestHead, isStopping: Bool) -> Decision {
        // First: another user is told nothing about the request.
        if let foreigner = self.foreigner { return .reject(.foreignUser(foreigner.user)) }
        // CONNECT asks for a tunnel, and its target is a host and port.
        guard head.method != "CONNECT", let target = RequestTarget(head.target) else {
            return .reject(.malformed("The request target is neither a path nor a URL."))
        }
        // RFC 9112, section 3.2: a request of HTTP/1.1 without exactly one host is an error.
        guard head.hostCount == 1 || (head.hostCount == 0 && head.isVersionZero) else {
            return .reject(.malformed("The request must have one Host header."))
        }
        let host = target.authority ?? head.host
        if let what = self.originPolicy.objection(host: host, origin: head.origin, fetchSite: head.fetchSite) {
            return .reject(.foreignOrigin(what))
        }
        guard !isStopping else { return .reject(.stopping) }
        guard head.contentLength ?? 0 <= self.maximumBodySize else {
            return .reject(.bodyTooLarge(limit: self.maximumBodySize))
        }
        let sendsContinue = head.expectsContinue && head.hasBody && !head.isVersionZero
        return switch ContentCoding.request(head.contentEncoding) {
        case .plain: .admit(target, coding: nil, sendsContinue: sendsContinue)
        case .coded(let coding): .admit(target, coding: coding, sendsContinue: sendsContinue)
        case .unsupported(let name): .reject(.unsupportedCoding(name))
        }
    }
}

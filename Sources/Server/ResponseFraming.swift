// SPDX-License-Identifier: Apache-2.0

/// How the client knows where a response ends, and whether the connection outlives it. Fixed by the request.
struct ResponseFraming: Sendable, Equatable {
    /// The request was a `HEAD`: heads are as they would be, bodies are not sent.
    var omitsBody: Bool
    /// The client speaks HTTP/1.0: a stream cannot be chunked, only the end of the connection ends it.
    var isVersionZero: Bool
    var closes: Bool

    /// - Parameter isLast: the connection takes no request after this one.
    init(head: RequestHead, isLast: Bool) {
        self.omitsBody = head.method == "HEAD"
        self.isVersionZero = head.isVersionZero
        // The decoder takes what follows a request to upgrade for another protocol, so no request can follow.
        self.closes = !head.isKeepAlive || head.asksForUpgrade || isLast
    }

    private init(omitsBody: Bool) {
        self.omitsBody = omitsBody
        self.isVersionZero = false
        self.closes = true
    }

    /// For an answer to something that could not be read as a request, or was refused.
    static func rejection(omitsBody: Bool) -> ResponseFraming {
        Self(omitsBody: omitsBody)
    }

    var streamsInChunks: Bool { !self.isVersionZero && !self.omitsBody }
}

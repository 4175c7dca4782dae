// SPDX-License-Identifier: Apache-2.0

/// One HTTP request to an upstream, finished: the room that sends it does not know what its headers and bytes mean.
package struct UpstreamRequest: Sendable {
    /// The methods that are used.
    package enum Method: Sendable {
        case get
        case post
    }

    /// How long the steps of a transfer may take.
    package struct Timeouts: Sendable, Equatable {
        /// Name look-up, TCP and TLS together.
        var connect: Duration
        /// From the end of the upload to the first byte of the answer's head.
        var firstByte: Duration
        /// The longest silence inside the answer.
        var stall: Duration
        /// For the whole body of an answer that is no success. Error messages are short and come in one piece.
        var refusal: Duration

        package init(
            connect: Duration = .seconds(15), firstByte: Duration = .seconds(300), stall: Duration = .seconds(240),
            refusal: Duration = .seconds(10),
        ) {
            self.connect = connect
            self.firstByte = firstByte
            self.stall = stall
            self.refusal = refusal
        }
    }

    let target: UpstreamTarget
    var body: any RequestBody

    package init(to target: UpstreamTarget, body: any RequestBody) {
        self.target = target
        self.body = body
    }

    /// A request whose like will not come again.
    /// - Parameters:
    ///   - url: absolute, `http` or `https`.
    ///   - headers: sent as they are, in this order. `Content-Type` and `Authorization` are the caller's.
    package init(
        method: Method, url: String, headers: [(name: String, value: String)], body: any RequestBody, timeouts: Timeouts,
    ) {
        self.init(to: UpstreamTarget(method: method, url: url, headers: headers, timeouts: timeouts), body: body)
    }
}

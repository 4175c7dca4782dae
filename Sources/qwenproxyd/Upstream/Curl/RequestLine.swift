// SPDX-License-Identifier: Apache-2.0

/// What stays known of a request while its answer comes in. Headers and body are let go of as soon as they are sent.
struct RequestLine: Sendable {
    let method: UpstreamRequest.Method
    let url: String
    let timeouts: UpstreamRequest.Timeouts
    /// Nil when the URL cannot be used.
    let address: UpstreamAddress?

    init(_ request: UpstreamRequest) {
        self.method = request.method
        self.url = request.url
        self.timeouts = request.timeouts
        self.address = UpstreamAddress(url: request.url)
    }

    /// The upstream's name for a message.
    var host: String {
        self.address?.authority ?? "the upstream"
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Where requests go and with which head. Taken apart and written down once, it serves any number of requests, from any
/// thread.
package final class UpstreamTarget: Sendable {
    let method: UpstreamRequest.Method
    /// Absolute, as it was given.
    package let url: String
    /// How long each step of a transfer may take.
    package let timeouts: UpstreamRequest.Timeouts
    /// Nil when the URL cannot be used.
    let address: UpstreamAddress?
    /// Nil then too, and when libcurl cannot use it.
    let parsedURL: CurlURL?
    /// Wiped when the last request is done and nobody will send another.
    let headers: CurlHeaderList
    let connectMilliseconds: Int
    /// To be started for each transfer.
    let silence: SilenceWatch

    package init(
        method: UpstreamRequest.Method, url: String, headers: [(name: String, value: String)],
        timeouts: UpstreamRequest.Timeouts,
    ) {
        self.method = method
        self.url = url
        self.timeouts = timeouts
        let address = UpstreamAddress(url: url)
        self.address = address
        self.parsedURL = address == nil ? nil : CurlURL(url)
        self.headers = CurlHeaderList(headers)
        self.connectMilliseconds = Int(timeouts.connect.clampedMilliseconds())
        self.silence = SilenceWatch(timeouts: timeouts, now: LoopTime(milliseconds: 0))
    }

    /// The upstream's name for a message.
    var host: String {
        self.address?.authority ?? "the upstream"
    }
}

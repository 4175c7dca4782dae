// SPDX-License-Identifier: Apache-2.0

import Configuration
import Shared
import Testing

@testable import Gateway

@Suite struct LiveRequestTests {
    private let metrics = RequestMetrics()
    private let request = LiveRequest(id: "req_1", model: "claude-sonnet-5", isStreaming: true)

    private var status: LiveRequestStatus? { self.metrics.liveRequests.first }

    @Test func `a request is shown from its beginning to its end, with what is known of it`() {
        #expect(self.status == nil)
        self.metrics.began(self.request, as: .main)
        #expect(self.status?.state == .waiting)
        #expect(self.status?.id == "req_1")
        #expect(self.status?.model == "claude-sonnet-5")
        #expect(self.status?.upstream == nil)
        #expect(self.status?.streaming == true)

        self.request.asking(upstream: "example.com", model: "qwen3-coder-plus")
        #expect(self.status?.state == .asking)
        #expect(self.status?.upstream == "example.com")
        #expect(self.status?.upstreamModel == "qwen3-coder-plus")

        self.request.answering(outputBytes: 9)
        #expect(self.status?.state == .answering)
        #expect(self.status?.outputTokens == 3)

        self.metrics.ended(.cancelled, self.request)
        #expect(self.status == nil)
        #expect(self.metrics.snapshot.cancelled == 1)
        #expect(self.metrics.snapshot.inFlight == 0)
        #expect(self.metrics.snapshot.streaming == 0)
    }

    @Test func `a second attempt starts from nothing`() {
        self.metrics.began(self.request, as: .main)
        self.request.asking(upstream: "a", model: "b")
        self.request.answering(outputBytes: 100)
        self.request.retrying()
        #expect(self.status?.state == .retrying)
        self.request.asking(upstream: "c", model: "d")
        #expect(self.status?.state == .asking)
        #expect(self.status?.upstream == "c")
        #expect(self.status?.outputTokens == 0)
    }

    @Test func `the oldest come first, and there is a limit`() {
        let requests = (0..<300).map { LiveRequest(id: "req_\($0)", model: "m", isStreaming: $0 % 2 == 0) }
        for request in requests.reversed() { self.metrics.began(request, as: nil) }
        #expect(self.metrics.liveRequests.map(\.id) == (0..<256).map { "req_\($0)" })
        #expect(self.metrics.snapshot.inFlight == 300)
        #expect(self.metrics.snapshot.streaming == 150)
    }
}

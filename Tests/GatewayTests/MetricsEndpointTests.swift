// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Gateway

@Suite struct MetricsEndpointTests {
    private static func ended(_ metrics: RequestMetrics, _ end: RequestMetrics.End, model: String = "m") {
        let request = LiveRequest(id: "req_1", model: "claude-sonnet-5", isStreaming: true)
        metrics.began(request, as: nil)
        request.asking(upstream: "a", model: model)
        metrics.ended(end, request)
    }

    @Test func `the counters are told in the text format`() {
        let metrics = RequestMetrics()
        Self.ended(
            metrics,
            .completed(inputTokens: 70, outputTokens: 2, cachedTokens: 50, cost: 1_250_000, InterventionCounts()))
        Self.ended(metrics, .failed(.init(time: .now(), requestID: "req_1", kind: "api_error", message: "no")))
        Self.ended(metrics, .cancelled)
        metrics.retried()
        let lines = MetricsEndpoint(metrics).text.split(separator: "\n").map(String.init)
        for line in [
            "# TYPE qwenproxyd_requests_total counter", "qwenproxyd_requests_total 3",
            "qwenproxyd_requests_failed_total 1", "qwenproxyd_requests_cancelled_total 1",
            "qwenproxyd_retries_total 1", "# TYPE qwenproxyd_requests_in_flight gauge",
            "qwenproxyd_requests_in_flight 0",
            #"qwenproxyd_model_requests_total{model="m",upstream="a"} 2"#,
            #"qwenproxyd_model_requests_failed_total{model="m",upstream="a"} 1"#,
            #"qwenproxyd_model_tokens_total{kind="cached",model="m",upstream="a"} 50"#,
            #"qwenproxyd_model_cost_dollars_total{model="m",upstream="a"} 1.25"#,
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func `a family without samples is left out`() {
        let text = MetricsEndpoint(RequestMetrics()).text
        #expect(!text.contains("model_"))
        #expect(text.contains("qwenproxyd_build_info{version=\"\(Version.current)\"} 1\n"))
    }

    @Test func `no name can break a line or a label`() {
        let metrics = RequestMetrics()
        Self.ended(metrics, .cancelled)
        Self.ended(
            metrics, .completed(inputTokens: 1, outputTokens: 1, cachedTokens: 0, InterventionCounts()),
            model: "a\"b\\c\nd")
        #expect(MetricsEndpoint(metrics).text.contains(#"{model="a\"b\\c\nd",upstream="a"} 1"#))
    }
}

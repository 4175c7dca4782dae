// SPDX-License-Identifier: Apache-2.0

import Server
import Shared

/// `GET /metrics`: the counters since the start, in Prometheus' text format (version 0.0.4).
struct MetricsEndpoint {
    let counts: RequestMetrics.Snapshot
    let models: [ModelTotals]

    init(_ metrics: RequestMetrics) {
        self.counts = metrics.snapshot
        self.models = metrics.history.models
    }

    var response: OutboundResponse {
        OutboundResponse(
            status: 200, headers: [("content-type", "text/plain; version=0.0.4; charset=utf-8")],
            body: Array(self.text.utf8))
    }

    var text: String {
        var text = Self.family(
            "build_info", "gauge", "Always 1; the version of qwenproxyd is a label.",
            [(["version": Version.current], "1")])
        text += Self.family("requests_total", "counter", "Requests for a model.", [([:], "\(self.counts.total)")])
        text += Self.family(
            "requests_failed_total", "counter", "Requests that got an error.", [([:], "\(self.counts.failed)")])
        text += Self.family(
            "requests_cancelled_total", "counter", "Requests whose client hung up.",
            [([:], "\(self.counts.cancelled)")])
        text += Self.family(
            "retries_total", "counter", "Further attempts, at the same upstream or at another one.",
            [([:], "\(self.counts.retries)")])
        text += Self.family(
            "requests_in_flight", "gauge", "Requests whose answer is not complete.", [([:], "\(self.counts.inFlight)")])
        text += Self.family(
            "model_requests_total", "counter", "Requests that ended at a model of an upstream.",
            self.models.map { (Self.labels($0), "\($0.requests)") })
        text += Self.family(
            "model_requests_failed_total", "counter", "Those of them that got an error.",
            self.models.map { (Self.labels($0), "\($0.failed)") })
        text += Self.family(
            "model_tokens_total", "counter",
            "Tokens as the upstream counted them; cached ones are a part of the input.",
            self.models.flatMap { model in
                [("input", model.tokens.input), ("cached", model.tokens.cached), ("output", model.tokens.output)].map {
                    (Self.labels(model).merging(["kind": $0.0]) { $1 }, "\($0.1)")
                }
            })
        text += Self.family(
            "model_cost_dollars_total", "counter", "An estimate by the catalogue's prices, where they are known.",
            self.models.compactMap { model in
                model.cost.map { (Self.labels(model), "\(Double($0) / 1_000_000)") }
            })
        return text
    }

    private static func labels(_ model: ModelTotals) -> [String: String] {
        ["upstream": model.upstream, "model": model.model]
    }

    /// Nothing when there are no samples.
    private static func family(
        _ name: String, _ type: String, _ help: String, _ samples: [(labels: [String: String], value: String)],
    ) -> String {
        guard !samples.isEmpty else { return "" }
        let name = "qwenproxyd_\(name)"
        let lines = samples.map { sample in
            // In a fixed order, so that one series is spelled alike each time.
            let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            return name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(sample.value)\n"
        }
        return "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" + lines.joined()
    }

    /// Names of models come from configurations and clients.
    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

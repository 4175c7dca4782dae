// SPDX-License-Identifier: Apache-2.0

import Shared

/// How many tokens a second each live request brings, from one report to the next. The requests' own ages are its clock.
struct RateMeter {
    private struct Reading {
        var age: Int
        var tokens: Int
        /// Nil until there are two readings.
        var rate: Double?
    }

    private var readings: [String: Reading] = [:]

    /// Requests that are over are forgotten.
    mutating func receive(_ requests: [LiveRequestStatus]) {
        let before = self.readings
        self.readings = [:]
        for request in requests {
            self.readings[request.id] = Reading(
                age: request.age, tokens: request.outputTokens, rate: Self.rate(of: request, after: before[request.id]))
        }
    }

    func tokensPerSecond(of id: String) -> Double? { self.readings[id]?.rate }

    private static func rate(of request: LiveRequestStatus, after last: Reading?) -> Double? {
        guard let last else { return nil }
        let milliseconds = request.age - last.age
        // A new attempt starts counting again.
        guard milliseconds > 0, request.outputTokens >= last.tokens else { return last.rate }
        let now = Double(request.outputTokens - last.tokens) * 1000 / Double(milliseconds)
        // Half of what it was, since chunks come in bursts.
        return last.rate.map { ($0 + now) / 2 } ?? now
    }
}

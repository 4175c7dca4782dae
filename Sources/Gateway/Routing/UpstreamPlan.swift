// SPDX-License-Identifier: Apache-2.0

import Configuration

/// What routing decided for one kind of request, ready to be used.
final class UpstreamPlan: Sendable {
    /// In the order in which they are asked. Never empty.
    let candidates: [UpstreamCandidate]
    /// Some of them want to know who asks.
    let forwardsUserAgent: Bool
    /// Some of them speak the Messages API themselves.
    let relays: Bool

    init(_ decision: RouteDecision, in snapshot: ConfigurationStore.Snapshot, memory: UpstreamMemory) {
        self.candidates = decision.candidates.map { candidate in
            UpstreamCandidate(
                candidate, parameters: decision.parameters, memory: memory, snapshot: snapshot)
        }
        self.relays = self.candidates.contains { $0.upstream.api == .anthropic }
        self.forwardsUserAgent = self.candidates.contains { $0.upstream.forwardsUserAgent }
    }
}

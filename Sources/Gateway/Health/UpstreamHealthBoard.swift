// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Synchronization

/// The health of all upstreams, by name. One whose description has changed is judged anew.
package final class UpstreamHealthBoard: Sendable {
    private struct Entry {
        var definition: UpstreamDefinition
        var health: UpstreamHealth
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The health of this upstream, made anew when it is asked for first or its description has changed.
    package func health(of upstream: UpstreamDefinition) -> UpstreamHealth {
        self.entries.withLock { entries in
            if let entry = entries[upstream.name], entry.definition == upstream { return entry.health }
            let health = UpstreamHealth(requestsPerMinute: upstream.requestsPerMinute)
            entries[upstream.name] = Entry(definition: upstream, health: health)
            return health
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package import Knowledge

/// What is known about upstreams from using them. It outlives routes and reloads.
package final class UpstreamMemory: Sendable {
    /// How every upstream is.
    package let health = UpstreamHealthBoard()
    /// What was learned about models.
    package let knowledge: KnowledgeStore
    /// What to ask servers about themselves.
    package let inspections = InspectionQueue()

    package init(knowledge: KnowledgeStore = KnowledgeStore()) {
        self.knowledge = knowledge
    }
}

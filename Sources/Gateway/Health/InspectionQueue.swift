// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Knowledge
import Shared
import Synchronization

/// The models about which a server is to be asked, in the order in which that became worth while.
///
/// Requests only add; one task of the daemon takes them out, so that no server is asked twice at once.
package final class InspectionQueue: Sendable {
    /// One model at one upstream.
    package struct Entry: Sendable {
        /// The server to ask.
        package var upstream: UpstreamDefinition
        /// The model to ask about.
        package var model: String
        /// Under which the answer is kept.
        package var key: KnowledgeKey
    }

    private struct State {
        var schedule = InspectionSchedule()
        var waiting: [Entry] = []
    }

    private let state = Mutex(State())
    private let signal: AsyncStream<Void>.Continuation
    /// Brings an element after something was added. For one listener.
    package let wakeups: AsyncStream<Void>

    package init() {
        // One wake-up is enough for any number of entries: the listener takes all that are there.
        (self.wakeups, self.signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds an entry, if it is time for it.
    package func add(_ entry: Entry, _ occasion: InspectionSchedule.Occasion) {
        guard self.begins(entry, occasion) else { return }
        self.state.withLock { $0.waiting.append(entry) }
        self.signal.yield()
    }

    /// The same for a caller that asks the server at once. If it returns true, `ended` is to follow.
    package func begins(_ entry: Entry, _ occasion: InspectionSchedule.Occasion) -> Bool {
        self.state.withLock { $0.schedule.begins(occasion, of: entry.key, at: .now) }
    }

    /// Whether it waits for its turn or is asked about now.
    package func isUnderWay(_ entry: Entry) -> Bool {
        self.state.withLock { $0.schedule.isRunning(entry.key) }
    }

    /// The entry that waits longest, taken out. `ended` has to follow.
    package func next() -> Entry? {
        self.state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    }

    /// - Parameter foundWindow: whether the server said how large the model's window is; otherwise it is asked again
    ///   earlier.
    package func ended(_ entry: Entry, foundWindow: Bool) {
        self.state.withLock { $0.schedule.ended(entry.key, foundWindow: foundWindow) }
    }
}

extension InspectionQueue.Entry {
    /// Nil where asking is no use.
    package init?(_ upstream: UpstreamDefinition, model: String) {
        guard let baseURL = upstream.baseURL else { return nil }
        switch upstream.product {
        // The lists of these products name no limits.
        case .portal, .modelStudio, .codingPlan, .tokenPlan: return nil
        case .openRouter, .local, .other: break
        }
        self.init(
            upstream: upstream, model: model,
            key: KnowledgeKey(upstream: upstream.name, baseURL: baseURL, model: model))
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The writers of an event loop that have something for it. One wake-up serves all that come until it runs: with hundreds of
/// streams, a wake-up for each would cost more than what it brings.
final class ResponseDeliveries: Sendable {
    private struct Waiting {
        var writers: [ResponseWriter] = []
        /// The storage of the last round, empty.
        var spare: [ResponseWriter] = []
    }

    let eventLoop: any EventLoop
    private let waiting = Mutex(Waiting())

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Has the event loop deliver what `writer` holds; from any thread.
    func add(_ writer: ResponseWriter) {
        let isFirst = self.waiting.withLock { waiting in
            // It may be in there already, when it delivered by itself in between; then there is nothing left for the
            // second turn.
            waiting.writers.append(writer)
            return waiting.writers.count == 1
        }
        if isFirst { self.eventLoop.execute { self.deliver() } }
    }

    private func deliver() {
        var writers = self.waiting.withLock { waiting in
            var taken: [ResponseWriter] = []
            swap(&taken, &waiting.spare)
            swap(&taken, &waiting.writers)
            return taken
        }
        // Outside of the lock: a delivery may make its responder write again.
        for writer in writers { writer.deliver() }
        writers.removeAll(keepingCapacity: true)
        self.waiting.withLock { $0.spare = writers }
    }
}

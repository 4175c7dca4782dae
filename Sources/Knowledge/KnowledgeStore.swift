// SPDX-License-Identifier: Apache-2.0

package import Shared
import Synchronization
package import Translation

/// What was learned about models at upstreams, for the whole daemon: told by whoever learns something, asked by whoever
/// makes a request or shows something, and kept in a file across restarts.
///
/// Telling and asking never wait for the disk. The file is written by `save()`, which its owner calls after changes and at
/// the end.
package final class KnowledgeStore: Sendable {
    private struct State {
        var table: KnowledgeTable
        /// Grows with everything that is worth a write, changed or only confirmed.
        var revision = 0
        var savedRevision = 0
    }

    private let file: KnowledgeFile?
    private let state: Mutex<State>
    private let currentGeneration = Atomic<Int>(0)
    private let signal: AsyncStream<Void>.Continuation
    /// Brings an element after something was learned that the file does not have yet. For one listener.
    package let changes: AsyncStream<Void>

    /// - Parameter file: nil keeps everything in memory only.
    package init(file: KnowledgeFile? = nil) {
        self.file = file
        self.state = Mutex(State(table: KnowledgeTable()))
        (self.changes, self.signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Another number after every change of what `traits(for:)` answers. What was made from the traits is good for as long
    /// as it stays the same.
    package var generation: Int { self.currentGeneration.load(ordering: .acquiring) }

    /// What is known; empty when nothing is.
    package func traits(for key: KnowledgeKey) -> LearnedTraits {
        self.state.withLock { $0.table.models[key]?.traits } ?? LearnedTraits()
    }

    /// The facts behind the traits, one for each subject.
    package func facts(for key: KnowledgeKey) -> [Fact] {
        self.state.withLock { $0.table.models[key]?.inForce } ?? []
    }

    /// Takes a lesson in. Returns whether it changed what `traits(for:)` answers: only then may a request that was refused
    /// for it succeed when it is made anew.
    @discardableResult
    package func observe(
        _ lesson: Lesson, of key: KnowledgeKey, origin: FactOrigin, at time: Timestamp = .now(),
    ) -> Bool {
        self.update { $0.observe(Fact(lesson, from: origin, at: time), of: key) }
    }

    /// The same for all that one answer taught. Returns whether any of it changed something.
    @discardableResult
    package func observe(
        _ lessons: [Lesson], of key: KnowledgeKey, origin: FactOrigin, at time: Timestamp = .now(),
    ) -> Bool {
        self.update { table in
            lessons.reduce(false) { table.observe(Fact($1, from: origin, at: time), of: key) || $0 }
        }
    }

    /// Forgets all about an upstream, or about all of them.
    package func forget(upstream: String? = nil) {
        _ = self.update { table in table.forget { upstream == nil || $0.upstream == upstream } }
    }

    private func update(_ change: (inout KnowledgeTable) -> Bool) -> Bool {
        let (isChanged, isWorthWriting) = self.state.withLock { state in
            let before = state.table
            let isChanged = change(&state.table)
            // In the lock, so that no reader gets new traits with the old number.
            if isChanged { self.currentGeneration.add(1, ordering: .releasing) }
            guard state.table != before else { return (isChanged, false) }
            state.revision += 1
            return (isChanged, true)
        }
        // Outside of the lock: the listener may run at once.
        if isWorthWriting { self.signal.yield() }
        return isChanged
    }
}

// MARK: - The file

extension KnowledgeStore {
    /// Reads the file. Call it once, before anything else. A file that cannot be used is no reason not to start: it is put
    /// aside, and the daemon learns anew.
    package func load(at now: Timestamp = .now()) throws(KnowledgeFile.Failure) {
        guard let table = try self.file?.read(at: now) else { return }
        self.state.withLock { $0.table = table }
        self.currentGeneration.add(1, ordering: .releasing)
    }

    /// Writes the file if there is something new. Waits for the disk.
    package func save() throws(KnowledgeFile.Failure) {
        guard let file = self.file else { return }
        let pending = self.state.withLock { state in
            state.revision == state.savedRevision ? nil : (table: state.table, revision: state.revision)
        }
        guard let pending else { return }
        // Outside of the lock, under which requests ask for traits.
        try file.write(pending.table)
        // The revision that was written, not the present one: something may have been learned meanwhile.
        self.state.withLock { $0.savedRevision = max($0.savedRevision, pending.revision) }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Transport

/// Writes down everything a transfer tells its receiver, and lets tests wait for it.
final class RecordingReceiver: TransferReceiver {
    enum Event: Equatable {
        case head(Int)
        case body
        case flush
        case finished(UpstreamError?)
    }

    private struct State {
        var events: [Event] = []
        var head: UpstreamResponseHead?
        var body: [UInt8] = []
        var waiters:
            [(condition: @Sendable (RecordingReceiver.Record) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
                []

        var record: Record { Record(events: self.events, body: self.body, head: self.head) }
    }

    struct Record {
        var events: [Event]
        var body: [UInt8]
        var head: UpstreamResponseHead?

        var text: String { String(decoding: self.body, as: UTF8.self) }

        var ends: [UpstreamError?] {
            self.events.compactMap { if case .finished(let error) = $0 { .some(error) } else { nil } }
        }
    }

    private let state = Mutex(State())
    private let demand: @Sendable (Int) -> TransferDemand

    /// `demand` is asked with the number of body bytes so far.
    init(demand: @escaping @Sendable (Int) -> TransferDemand = { _ in .more }) {
        self.demand = demand
    }

    var record: Record { self.state.withLock { $0.record } }

    /// Returns when `condition` holds.
    func wait(until condition: @escaping @Sendable (Record) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMet = self.state.withLock { state in
                if condition(state.record) { return true }
                state.waiters.append((condition, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    func end() async -> UpstreamError? {
        await self.wait { !$0.ends.isEmpty }
        return self.record.ends[0]
    }

    func headReceived(_ head: UpstreamResponseHead) {
        self.change { state in
            state.head = head
            state.events.append(.head(head.status))
        }
    }

    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> TransferDemand {
        self.change { state in
            unsafe state.body.append(contentsOf: bytes)
            if state.events.last != .body { state.events.append(.body) }
        }
        return self.demand(self.record.body.count)
    }

    func flush() {
        self.change { $0.events.append(.flush) }
    }

    func finished(_ result: Result<Void, UpstreamError>) {
        self.change { state in
            switch result {
            case .success: state.events.append(.finished(nil))
            case .failure(let error): state.events.append(.finished(error))
            }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let met = self.state.withLock { state in
            body(&state)
            let record = state.record
            let met = state.waiters.filter { $0.condition(record) }
            state.waiters.removeAll { $0.condition(record) }
            return met
        }
        for waiter in met { waiter.continuation.resume() }
    }
}

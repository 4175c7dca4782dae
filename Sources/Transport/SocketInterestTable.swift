// SPDX-License-Identifier: Apache-2.0

/// What libcurl waits for on each socket, beside what the epoll set was told: the difference is what has to be said.
///
/// libcurl takes its interest back whenever a transfer ends and announces it again when the next one reuses the
/// connection. Passing that on would cost two system calls for each request, so the table lets an unwanted
/// registration stand until it reports something; nearly always the connection is wanted again before that.
struct SocketInterestTable {
    enum Change: Equatable {
        case add(Int32, SocketInterest, generation: UInt32)
        case modify(Int32, SocketInterest, generation: UInt32)
        case remove(Int32)
    }

    enum Delivery: Equatable {
        case deliver(wanted: SocketInterest)
        /// libcurl waits for nothing on this socket now: take it out of the epoll set.
        case remove
        /// It was reported for an earlier socket with the same number.
        case ignore
    }

    private struct Record {
        var wanted: SocketInterest = []
        var registered: SocketInterest = []
        var generation: UInt32 = 0
        /// We open and close connections ourselves, so their registration is known. libcurl's other sockets (those
        /// of its resolver) come and go without our being told.
        var isConnection = false
        var hasPendingChange = false
    }

    /// By descriptor: the kernel gives out the lowest free number, so the table stays as small as the set of sockets.
    private var records: [Record] = []
    private var pending: [Int32] = []

    mutating func connectionOpened(_ descriptor: Int32) {
        self.forget(descriptor, isConnection: true)
    }

    /// The kernel has dropped the registration together with the socket.
    mutating func connectionClosed(_ descriptor: Int32) {
        self.forget(descriptor, isConnection: false)
    }

    /// Returns a change that has to be made at once; others wait for `takeChanges`, and often cancel each other out.
    mutating func interestChanged(_ descriptor: Int32, _ interest: SocketInterest) -> Change? {
        self.grow(toHold: descriptor)
        let index = Int(descriptor)
        self.records[index].wanted = interest
        guard self.records[index].isConnection else {
            return self.changeOfForeignSocket(descriptor)
        }
        if !self.records[index].hasPendingChange {
            self.records[index].hasPendingChange = true
            self.pending.append(descriptor)
        }
        return nil
    }

    /// What has to be said to the epoll set before waiting on it.
    mutating func takeChanges(_ body: (Change) -> Void) {
        for descriptor in self.pending {
            let index = Int(descriptor)
            self.records[index].hasPendingChange = false
            let record = self.records[index]
            guard !record.wanted.isEmpty, record.wanted != record.registered else { continue }
            self.records[index].registered = record.wanted
            body(
                record.registered.isEmpty
                    ? .add(descriptor, record.wanted, generation: record.generation)
                    : .modify(descriptor, record.wanted, generation: record.generation))
        }
        self.pending.removeAll(keepingCapacity: true)
    }

    mutating func eventArrived(_ descriptor: Int32, generation: UInt32) -> Delivery {
        let index = Int(descriptor)
        guard index < self.records.count, self.records[index].generation == generation else { return .ignore }
        if self.records[index].wanted.isEmpty {
            self.records[index].registered = []
            return .remove
        }
        return .deliver(wanted: self.records[index].wanted)
    }

    private mutating func changeOfForeignSocket(_ descriptor: Int32) -> Change? {
        let record = self.records[Int(descriptor)]
        self.records[Int(descriptor)].registered = record.wanted
        if record.wanted.isEmpty {
            // The number may come back as another socket without our being told, while an event of this one is still
            // to be looked at.
            self.records[Int(descriptor)].generation &+= 1
            return .remove(descriptor)
        }
        return record.registered.isEmpty
            ? .add(descriptor, record.wanted, generation: record.generation)
            : .modify(descriptor, record.wanted, generation: record.generation)
    }

    private mutating func forget(_ descriptor: Int32, isConnection: Bool) {
        self.grow(toHold: descriptor)
        let old = self.records[Int(descriptor)]
        // A pending change stays in the list; taking it finds nothing wanted and says nothing.
        self.records[Int(descriptor)] = Record(
            generation: old.generation &+ 1, isConnection: isConnection, hasPendingChange: old.hasPendingChange)
    }

    private mutating func grow(toHold descriptor: Int32) {
        let missing = Int(descriptor) + 1 - self.records.count
        if missing > 0 { self.records.append(contentsOf: repeatElement(Record(), count: missing)) }
    }
}

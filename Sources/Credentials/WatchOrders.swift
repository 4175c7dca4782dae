// SPDX-License-Identifier: Apache-2.0

internal import CInotifyTools
internal import Glibc
internal import Synchronization

/// What the `inotify` thread is told while it waits: to watch another directory, or to end.
final class WatchOrders: Sendable {
    private struct State {
        var directory: String
        var isStopped = false
    }

    /// An eventfd, readable while there is an order that was not taken.
    let descriptor: CInt
    private let state: Mutex<State>

    /// Nil when there is no descriptor left; errno says why.
    init?(directory: String) {
        let descriptor = qwenproxy_inotify_eventfd()
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.state = Mutex(State(directory: directory))
    }

    deinit { close(self.descriptor) }

    var directory: String { self.state.withLock { $0.directory } }

    func move(to directory: String) {
        self.state.withLock { $0.directory = directory }
        Self.signal(self.descriptor)
    }

    func stop() {
        self.state.withLock { $0.isStopped = true }
        Self.signal(self.descriptor)
    }

    /// Called when the descriptor is readable. Returns the directory to watch; nil when it is time to end.
    func take() -> String? {
        var count: UInt64 = 0
        // Sets the counter back to zero, so that poll() waits again.
        _ = unsafe read(self.descriptor, &count, MemoryLayout<UInt64>.size)
        return self.state.withLock { $0.isStopped ? nil : $0.directory }
    }

    static func signal(_ descriptor: CInt) {
        var one: UInt64 = 1
        let count = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
        precondition(count == MemoryLayout<UInt64>.size, "An eventfd took no value: errno \(errno).")
    }
}

// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// The owner of an epoll set. Each entry carries a tag that comes back with its events.
struct EventPoll: ~Copyable {
    private let descriptor: Int32

    init() throws(CurlError) {
        self.descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard self.descriptor >= 0 else { throw .lastSystemError("epoll_create1") }
    }

    deinit {
        close(self.descriptor)
    }

    func add(_ target: Int32, events: UInt32, tag: UInt64) throws(CurlError) {
        guard self.control(EPOLL_CTL_ADD, target, events, tag) else { throw .lastSystemError("epoll_ctl") }
    }

    /// Adds or changes an entry, whichever it takes.
    func set(_ target: Int32, events: UInt32, tag: UInt64, isNew: Bool) {
        if self.control(isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, target, events, tag) { return }
        // The number of a closed socket may have come back meanwhile.
        switch errno {
        case EEXIST: _ = self.control(EPOLL_CTL_MOD, target, events, tag)
        case ENOENT: _ = self.control(EPOLL_CTL_ADD, target, events, tag)
        // EBADF: libcurl closed the socket in the meantime and will not wait for it.
        default: break
        }
    }

    func remove(_ target: Int32) {
        _ = self.control(EPOLL_CTL_DEL, target, 0, 0)
    }

    /// Waits for at most `milliseconds` (-1: without limit) and returns how many of `events` were filled in.
    func wait(_ events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: Int32) -> Int {
        let count = unsafe epoll_wait(self.descriptor, events.baseAddress, Int32(events.count), milliseconds)
        // EINTR is the one error that can occur, and the next round waits again.
        return max(0, Int(count))
    }

    private func control(_ operation: Int32, _ target: Int32, _ events: UInt32, _ tag: UInt64) -> Bool {
        var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: tag))
        return unsafe epoll_ctl(self.descriptor, operation, target, &event) == 0
    }
}

/// The owner of an eventfd that is only ever written to.
///
/// It sits in the epoll set edge-triggered: each signal is an edge of its own, so it need not be read, which saves
/// a system call for each wake-up. The counter would overflow after 2^64 - 2 signals.
struct EventDescriptor: ~Copyable, Sendable {
    let descriptor: Int32

    init() throws(CurlError) {
        // Not blocking: at the limit of the counter a write would wait for a reader, and there is none.
        self.descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard self.descriptor >= 0 else { throw .lastSystemError("eventfd") }
    }

    deinit {
        close(self.descriptor)
    }

    func signal() {
        var one: UInt64 = 1
        _ = unsafe write(self.descriptor, &one, MemoryLayout<UInt64>.size)
    }
}

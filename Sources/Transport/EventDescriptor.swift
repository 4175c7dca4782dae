// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// The owner of an eventfd that is only ever written to.
///
/// It sits in the epoll set edge-triggered: each signal is an edge of its own, so nobody needs to read it, which saves
/// a system call for each wake-up. The counter would overflow after 2^64 - 2 signals.
struct EventDescriptor: ~Copyable, Sendable {
    let descriptor: Int32

    init() throws(CurlError) {
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

// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// What libcurl waits for on a socket, or what a socket is ready for.
struct SocketInterest: OptionSet, Sendable, Hashable {
    static let read = Self(rawValue: 1)
    static let write = Self(rawValue: 2)

    let rawValue: UInt8

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// From the `what` of libcurl's socket callback; `CURL_POLL_NONE` and `CURL_POLL_REMOVE` both mean nothing.
    init(curlPoll what: Int32) {
        switch what {
        case CURL_POLL_IN: self = .read
        case CURL_POLL_OUT: self = .write
        case CURL_POLL_INOUT: self = [.read, .write]
        default: self = []
        }
    }

    /// From what epoll reports for a socket on which libcurl waits for `wanted`.
    init(epollEvents events: UInt32, wanted: SocketInterest) {
        var readiness: SocketInterest = []
        if events & EPOLLIN.rawValue != 0 { readiness.insert(.read) }
        if events & EPOLLOUT.rawValue != 0 { readiness.insert(.write) }
        // The system call that libcurl makes then reports the true error; CURL_CSELECT_ERR would hide it.
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { readiness.formUnion(wanted) }
        self = readiness
    }

    var epollEvents: UInt32 {
        var events: UInt32 = 0
        if self.contains(.read) { events |= EPOLLIN.rawValue }
        if self.contains(.write) { events |= EPOLLOUT.rawValue }
        return events
    }

    var curlMask: Int32 {
        var mask: Int32 = 0
        if self.contains(.read) { mask |= CURL_CSELECT_IN }
        if self.contains(.write) { mask |= CURL_CSELECT_OUT }
        return mask
    }
}

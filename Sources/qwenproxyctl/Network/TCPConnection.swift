// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A connection to a host and port, with a time limit for the connecting and one for the exchange as a whole: what answers
/// byte by byte, and never comes to an end, may be another user's program.
struct TCPConnection: ~Copyable {
    enum Failure: Error, Equatable {
        case unknownHost(String)
        case unreachable(String)
        case broken(String)
    }

    private let descriptor: OwnedDescriptor
    private let limit: Duration

    /// Tries the addresses of the host in their order.
    init(host: String, port: Int, limit: Duration) throws(Failure) {
        self.limit = limit
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else { throw .unknownHost(unsafe String(cString: gai_strerror(code))) }
        defer { unsafe freeaddrinfo(list) }
        var reason = "it has no address"
        var next = unsafe list
        while let entry = unsafe next {
            let raw = unsafe socket(
                entry.pointee.ai_family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard raw >= 0 else { throw .unreachable(SystemError.last) }
            let descriptor = OwnedDescriptor(raw)
            // The send limit counts for connect as well (socket(7)).
            Self.setLimit(limit, SO_SNDTIMEO, on: raw)
            if unsafe connect(raw, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0 {
                self.descriptor = descriptor
                return
            }
            // A connect that runs into the send limit fails with EINPROGRESS.
            reason = errno == EINPROGRESS || errno == EAGAIN ? "no answer in time" : SystemError.last
            // A host with an IPv6 address may be reachable by IPv4 only.
            unsafe next = entry.pointee.ai_next
        }
        throw .unreachable(reason)
    }

    /// Sends all of it and returns all that comes until the other end closes.
    func exchange(_ request: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        let deadline = ContinuousClock.now + self.limit
        var sent = 0
        while sent < request.count {
            try self.wait(until: deadline, SO_SNDTIMEO)
            let count = unsafe request[sent...].withUnsafeBytes {
                // A server that is gone is an error to report, not a signal to die of.
                unsafe send(self.descriptor.rawValue, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw .broken(SystemError.last) }
            sent += count
        }
        var reply: [UInt8] = []
        // Another user's program may listen there, and send without an end.
        while reply.count < limit {
            try self.wait(until: deadline, SO_RCVTIMEO)
            let piece = unsafe [UInt8](
                upTo: 16 << 10, from: { unsafe recv(self.descriptor.rawValue, $0.baseAddress, $0.count, 0) })
            guard let piece else { throw .broken(errno == EAGAIN ? "no answer in time" : SystemError.last) }
            guard !piece.isEmpty else { break }
            reply += piece
        }
        return reply
    }

    /// For the next call that the option is about.
    private func wait(until deadline: ContinuousClock.Instant, _ option: CInt) throws(Failure) {
        let rest = ContinuousClock.now.duration(to: deadline)
        // None at all would mean for ever.
        guard rest > .milliseconds(1) else { throw .broken("no answer in time") }
        Self.setLimit(rest, option, on: self.descriptor.rawValue)
    }

    private static func setLimit(_ limit: Duration, _ option: CInt, on descriptor: CInt) {
        let (seconds, attoseconds) = limit.components
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        unsafe setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A connection to a Unix socket with one deadline for everything that happens on it, until it is lifted.
struct UnixStreamConnection: ~Copyable {
    let path: String
    private let descriptor: OwnedDescriptor
    /// Nil waits for ever.
    private var deadline: ContinuousClock.Instant?
    private var decoder = VarlinkFrameDecoder()

    private init(path: String, descriptor: consuming OwnedDescriptor, deadline: ContinuousClock.Instant) {
        self.path = path
        self.descriptor = descriptor
        self.deadline = deadline
    }

    static func open(
        path: String, deadline: ContinuousClock.Instant,
    ) throws(ControlConnectionError) -> UnixStreamConnection {
        guard let address = UnixSocketAddress(path: path) else {
            throw .pathTooLong(path: path, limit: UnixSocketAddress.maximumPathLength)
        }
        guard let descriptor = OwnedDescriptor.unixStreamSocket(isBlocking: false) else {
            throw .system(path: path, reason: SystemError.text(errno))
        }
        // Not blocking, so that every wait is a poll with the rest of the time.
        let connection = UnixStreamConnection(path: path, descriptor: descriptor, deadline: deadline)
        try connection.connect(to: address)
        // Before anything is sent: what another user's program answers must not be believed.
        try connection.checkOwner()
        return connection
    }

    mutating func waitWithoutLimit() {
        self.deadline = nil
    }

    var rawDescriptor: CInt { self.descriptor.rawValue }

    mutating func receiveFrame() throws(ControlConnectionError) -> [UInt8] {
        while true {
            if let frame = try self.nextFrame() { return frame }
            let bytes = try self.receive()
            guard !bytes.isEmpty else { throw .hungUp(path: self.path) }
            self.decoder.receive(bytes)
        }
    }

    /// Takes what there is, and waits for nothing.
    mutating func receiveFrameIfReady() throws(ControlConnectionError) -> [UInt8]? {
        if let frame = try self.nextFrame() { return frame }
        switch self.receiveOnce() {
        case .success(let bytes) where bytes.isEmpty:
            throw .hungUp(path: self.path)
        case .success(let bytes):
            self.decoder.receive(bytes)
        case .failure(let error) where error.code != EAGAIN && error.code != EINTR:
            throw .system(path: self.path, reason: SystemError.text(error.code))
        case .failure:
            break
        }
        return try self.nextFrame()
    }

    private mutating func nextFrame() throws(ControlConnectionError) -> [UInt8]? {
        do {
            return try self.decoder.next()
        } catch {
            throw .malformedReply(path: self.path, detail: "it sent what is no frame")
        }
    }

    private func connect(to address: UnixSocketAddress) throws(ControlConnectionError) {
        while unsafe address.withSocketAddress({ unsafe Glibc.connect(self.descriptor.rawValue, $0, $1) }) != 0 {
            let code = errno
            switch code {
            case EINTR:
                continue
            case EAGAIN:
                // The queue is full: a daemon is there and does not accept. poll cannot wait for room in it.
                try self.pause()
            // ECONNREFUSED is a socket that a daemon has left behind.
            case ENOENT, ECONNREFUSED, ENOTDIR:
                throw .notRunning(tried: [.init(path: self.path, reason: SystemError.text(code))])
            case EACCES, EPERM:
                throw .permissionDenied(path: self.path)
            default:
                throw .system(path: self.path, reason: SystemError.text(code))
            }
        }
    }

    /// Refuses what another user listens on. Root also talks to the daemons of other users: to the one whose service it is, or
    /// whose directory the socket lies in.
    private func checkOwner() throws(ControlConnectionError) {
        guard let owner = self.descriptor.peerUser else {
            throw .system(path: self.path, reason: SystemError.text(errno))
        }
        // Where a directory is writable for others, one of them may have put a socket of their own in the daemon's
        // place.
        guard owner == geteuid() || owner == 0 || geteuid() == 0 && self.isPlace(of: owner) else {
            throw .foreignOwner(path: self.path, userID: owner)
        }
    }

    private func isPlace(of user: UInt32) -> Bool {
        if let name = SocketPath.userOfSystemService(at: self.path), let entry = unsafe getpwnam(name) {
            return unsafe entry.pointee.pw_uid == user
        }
        var status = stat()
        let directory = String(self.path[..<(self.path.lastIndex(of: "/") ?? self.path.startIndex)])
        return unsafe stat(directory, &status) == 0 && status.st_uid == user
    }

    func send(_ bytes: [UInt8]) throws(ControlConnectionError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                // A daemon that is gone is an error to report, not a signal to die of.
                return unsafe Glibc.send(self.descriptor.rawValue, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else {
                try self.recover(from: errno, waitingFor: POLLOUT)
            }
        }
    }

    /// Some bytes, or none when the other end closed.
    private func receive() throws(ControlConnectionError) -> [UInt8] {
        while true {
            switch self.receiveOnce() {
            case .success(let bytes): return bytes
            case .failure(let error): try self.recover(from: error.code, waitingFor: POLLIN)
            }
        }
    }

    private struct ReceiveError: Error {
        var code: CInt
    }

    private func receiveOnce() -> Result<[UInt8], ReceiveError> {
        let bytes = unsafe [UInt8](
            upTo: 16 << 10, from: { unsafe recv(self.descriptor.rawValue, $0.baseAddress, $0.count, 0) })
        return bytes.map { .success($0) } ?? .failure(ReceiveError(code: errno))
    }

    /// After a call returned -1: waits if that helps, throws if it does not.
    private func recover(from code: CInt, waitingFor events: CInt) throws(ControlConnectionError) {
        switch code {
        case EINTR: return
        case EAGAIN: try self.wait(for: events)
        case EPIPE, ECONNRESET: throw .hungUp(path: self.path)
        default: throw .system(path: self.path, reason: SystemError.text(code))
        }
    }

    private func wait(for events: CInt) throws(ControlConnectionError) {
        var entry = pollfd(fd: self.descriptor.rawValue, events: Int16(events), revents: 0)
        _ = unsafe poll(&entry, 1, try self.remainingMilliseconds())
    }

    private func pause() throws(ControlConnectionError) {
        _ = poll(nil, 0, min(20, try self.remainingMilliseconds()))
    }

    /// At least one; -1 is for ever.
    private func remainingMilliseconds() throws(ControlConnectionError) -> CInt {
        guard let deadline = self.deadline else { return -1 }
        let remaining = ContinuousClock.now.duration(to: deadline)
        guard remaining > .zero else { throw .timedOut(path: self.path) }
        // A wait of none would spin until the deadline.
        return CInt(clamping: max(1, Int64(remaining / .milliseconds(1))))
    }
}

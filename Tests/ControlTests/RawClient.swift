// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared

/// A client that sends and reads bytes, with a time limit on every wait so that a hanging test ends.
final class RawClient: Sendable {
    private let descriptor: CInt

    struct Failure: Error {
        var call: String
        var code: CInt
    }

    init(path: String) throws {
        let address = UnixSocketAddress(path: path)!
        self.descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(self.descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        let descriptor = self.descriptor
        guard unsafe address.withSocketAddress({ unsafe connect(descriptor, $0, $1) }) == 0 else {
            throw Failure(call: "connect", code: errno)
        }
    }

    deinit {
        close(self.descriptor)
    }

    func send(_ text: String) throws {
        try self.send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { bytes in
                unsafe Glibc.send(self.descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(call: "send", code: errno) }
            sent += count
        }
    }

    /// What a send would block on now, without waiting: false when the queue is full.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe Glibc.send(
                self.descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL | MSG_DONTWAIT))
        } >= 0
    }

    /// Nil at the end of the stream.
    func receive() throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(self.descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0, errno == ECONNRESET { return nil }
        guard count >= 0 else { throw Failure(call: "recv", code: errno) }
        return count == 0 ? nil : Array(bytes[..<count])
    }

    func frames(_ wanted: Int) throws -> [String] {
        var decoder = VarlinkFrameDecoder()
        var frames: [String] = []
        while frames.count < wanted, let bytes = try self.receive() {
            decoder.receive(bytes)
            while let frame = try decoder.next() { frames.append(String(decoding: frame, as: UTF8.self)) }
        }
        return frames
    }

    func isClosedByPeer() throws -> Bool {
        try self.receive() == nil
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One accepted connection of a `ScriptedServer`, with blocking reads and writes.
final class TestSocket: Sendable {
    struct Request {
        var head: String
        var body: [UInt8]
    }

    private let descriptor: Int32

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        // No test waits longer than this for its peer; one that does fails instead of hanging.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(self.descriptor)
    }

    /// Reads one request with its `Content-Length` body; nil when the peer has closed the connection.
    func readRequest() -> Request? {
        guard let head = self.readHead() else { return nil }
        let length =
            head.lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
        guard let body = self.read(length) else { return nil }
        return Request(head: head, body: body)
    }

    /// Reads up to the empty line, byte by byte, so as to leave the body alone.
    func readHead() -> String? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = self.read(1)?.first else { return nil }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }

    func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let received = unsafe bytes.withUnsafeMutableBytes { bytes in
                unsafe recv(self.descriptor, bytes.baseAddress! + filled, count - filled, 0)
            }
            if received <= 0 { return nil }
            filled += received
        }
        return bytes
    }

    /// Returns how many bytes went out before the peer closed the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(self.descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    @discardableResult
    func send(_ text: String) -> Int {
        self.send(Array(text.utf8))
    }

    func sendChunk(_ text: String) {
        self.send(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
    }

    /// Sends as much as the peer's window and our buffer take and returns how much that was.
    func sendUntilBlocked() -> Int {
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        var total = 0
        while true {
            let count = unsafe block.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    self.descriptor, bytes.baseAddress!, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count > 0 {
                total += count
                continue
            }
            // It is blocked for good only if it stays so for a while.
            var poll = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
            if unsafe Glibc.poll(&poll, 1, 300) == 0 { return total }
        }
    }

    /// Blocks until the peer closes the connection; false if it sent something, or did not close in time.
    func waitForClose() -> Bool {
        var byte: UInt8 = 0
        let count = unsafe recv(self.descriptor, &byte, 1, 0)
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }

    /// Whether the peer closes the connection in the next milliseconds.
    func closes(within milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&poll, 1, milliseconds) == 1 && self.waitForClose()
    }

    /// Closes with a reset in place of an orderly end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        // Connecting a socket to nothing aborts its connection and leaves the number to its owner.
        var nothing = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        _ = unsafe connect(self.descriptor, &nothing, socklen_t(MemoryLayout<sockaddr>.size))
    }

    func shutDown() {
        shutdown(self.descriptor, Int32(SHUT_RDWR))
    }
}

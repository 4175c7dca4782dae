// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A client that says exactly what a test tells it to. Every wait ends after a minute, so that a test fails, not hangs.
final class TestClient: Sendable {
    struct Answer: Equatable {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    enum Failure: Error {
        case notConnected(Int32)
        case notSent(Int32)
        case nothingCame(soFar: String)
    }

    let descriptor: CInt
    private let unread = Buffer()

    private final class Buffer: @unchecked Sendable {
        /// One test uses one client from one task at a time.
        var bytes: [UInt8] = []
    }

    init(port: Int, receiveBuffer: CInt? = nil) throws {
        self.descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            unsafe setsockopt(self.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        unsafe setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(self.descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound in
                unsafe connect(self.descriptor, rebound, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.notConnected(errno) }
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
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.send(
                    self.descriptor,
                    raw.baseAddress.map { unsafe $0 + sent },
                    raw.count - sent,
                    CInt(MSG_NOSIGNAL),
                )
            }
            guard count > 0 else { throw Failure.notSent(errno) }
            sent += count
        }
    }

    /// Breaks the connection as a killed process does.
    func hangUp() {
        shutdown(self.descriptor, CInt(SHUT_RDWR))
    }

    /// Reads until the text is there, and takes it with everything before it.
    @discardableResult
    func receive(through text: String) async throws -> String {
        try await Self.onOwnThread { try self.read(through: text) }
    }

    /// Everything until the server closes.
    func receiveAll() async throws -> [UInt8] {
        try await Self.onOwnThread { try self.readAll() }
    }

    /// One response, by its own word on where it ends.
    func receiveAnswer(toHead: Bool = false) async throws -> Answer {
        try await Self.onOwnThread { try self.readAnswer(toHead: toHead) }
    }

    /// The tests run on a pool of few threads, and what they wait for may need one of them.
    private static func onOwnThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }

    @discardableResult
    private func read(through text: String) throws -> String {
        let wanted = Array(text.utf8)
        while true {
            if let range = self.unread.bytes.firstRange(of: wanted) {
                let taken = self.unread.bytes[..<range.upperBound]
                self.unread.bytes = Array(self.unread.bytes[range.upperBound...])
                return String(decoding: taken, as: UTF8.self)
            }
            guard try self.fill() > 0 else {
                throw Failure.nothingCame(soFar: String(decoding: self.unread.bytes.prefix(2000), as: UTF8.self))
            }
        }
    }

    private func readAll() throws -> [UInt8] {
        while try self.fill() > 0 {}
        defer { self.unread.bytes = [] }
        return self.unread.bytes
    }

    private func readAnswer(toHead: Bool) throws -> Answer {
        var lines = try self.read(through: "\r\n\r\n").components(separatedBy: "\r\n")
        let status = lines.removeFirst().split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines where !line.isEmpty {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
        }
        var body = ""
        if toHead {
            return Answer(status: status, headers: headers, body: body)
        } else if headers["transfer-encoding"] == "chunked" {
            // In Swift the line break is one character.
            while let size = Int(try self.read(through: "\r\n").dropLast(), radix: 16) {
                body += String(decoding: try self.take(size), as: UTF8.self)
                try self.read(through: "\r\n")
                if size == 0 { break }
            }
        } else if let length = headers["content-length"].flatMap({ Int($0) }) {
            body = String(decoding: try self.take(length), as: UTF8.self)
        }
        return Answer(status: status, headers: headers, body: body)
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while self.unread.bytes.count < count {
            guard try self.fill() > 0 else { throw Failure.nothingCame(soFar: "\(self.unread.bytes.count) bytes") }
        }
        defer { self.unread.bytes.removeFirst(count) }
        return Array(self.unread.bytes.prefix(count))
    }

    /// Zero when the server has closed.
    private func fill() throws -> Int {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(self.descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else {
            throw Failure.nothingCame(
                soFar: "errno \(errno), \(String(decoding: self.unread.bytes.prefix(2000), as: UTF8.self))")
        }
        self.unread.bytes += chunk.prefix(count)
        return count
    }
}

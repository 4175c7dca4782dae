// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

@testable import Control

@Suite struct ControlSocketTests {
    private let directory: TemporaryDirectory
    private var path: String { "\(self.directory.path)/sub/control.sock" }

    init() throws {
        self.directory = try TemporaryDirectory()
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `the directory is 0700 and the socket 0600, and the file goes with the socket`() throws {
        do {
            let socket = try ControlSocket.bind(path: self.path)
            let isInherited = socket.isInherited
            #expect(!isInherited)
            #expect(try self.mode(self.path) == 0o600)
            #expect(try self.mode("\(self.directory.path)/sub") == 0o700)
            _ = try RawClient(path: self.path)
        }
        #expect(!FileManager.default.fileExists(atPath: self.path))
    }

    @Test func `a socket with a listener is left alone`() throws {
        let first = try ControlSocket.bind(path: self.path)
        #expect(throws: ControlSocketError.inUse(path: self.path)) { _ = try ControlSocket.bind(path: self.path) }
        _ = try RawClient(path: first.address)
    }

    @Test func `a socket without a listener is replaced`() throws {
        try FileManager.default.createDirectory(
            atPath: "\(self.directory.path)/sub", withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        let address = try #require(UnixSocketAddress(path: self.path))
        let stale = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        #expect(unsafe address.withSocketAddress { unsafe bind(stale, $0, $1) } == 0)
        close(stale)
        let fresh = try ControlSocket.bind(path: self.path)
        _ = try RawClient(path: fresh.address)
    }

    @Test func `a file that is no socket is never removed`() throws {
        let path = "\(self.directory.path)/control.sock"
        try Data("precious".utf8).write(to: URL(filePath: path))
        #expect(throws: ControlSocketError.notASocket(path: path)) { _ = try ControlSocket.bind(path: path) }
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `a file that replaced ours is not removed with us`() throws {
        do {
            let socket = try ControlSocket.bind(path: self.path)
            try FileManager.default.removeItem(atPath: socket.address)
            try Data("theirs".utf8).write(to: URL(filePath: socket.address))
        }
        #expect(FileManager.default.fileExists(atPath: self.path))
    }

    @Test func `a path too long is refused by name`() {
        let path = "\(self.directory.path)/\(String(repeating: "a", count: 108))"
        #expect(throws: ControlSocketError.pathTooLong(path: path, limit: 107)) {
            _ = try ControlSocket.bind(path: path)
        }
    }

    @Test func `a directory that others may write to is refused`() throws {
        let shared = "\(self.directory.path)/sub"
        try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: false)
        #expect(unsafe chmod(shared, 0o777) == 0)
        #expect(throws: ControlSocketError.unsafeDirectory(path: shared)) {
            _ = try ControlSocket.bind(path: self.path)
        }
        // As on /tmp, where others may make files and not remove ours.
        #expect(unsafe chmod(shared, 0o1777) == 0)
        _ = try ControlSocket.bind(path: self.path)
    }

    @Test func `a listening descriptor is adopted with its address, and its file stays`() throws {
        let bound = try ControlSocket.bind(path: self.path)
        do {
            let adopted = try ControlSocket.adopt(descriptor: dup(bound.descriptor.rawValue))
            let (isInherited, address) = (adopted.isInherited, adopted.address)
            #expect(isInherited)
            #expect(address == self.path)
        }
        #expect(FileManager.default.fileExists(atPath: self.path))
        _ = try RawClient(path: self.path)
    }

    @Test func `a descriptor that does not listen is refused`() {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        #expect(throws: ControlSocketError.notListening(descriptor: descriptor)) {
            _ = try ControlSocket.adopt(descriptor: descriptor)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A TCP server on a port of its own that plays one script on every connection, each on a thread of its own.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Atomic<Int>(0)

    init(_ script: @escaping @Sendable (TestSocket) -> Void) {
        self.listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        precondition(self.listener >= 0, "no socket for the test server")
        self.port = Self.bindToAnyPort(self.listener)
        precondition(listen(self.listener, 1_024) == 0, "the test server cannot listen")
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 { break }
                self?.accepted.add(1, ordering: .relaxed)
                let connection = TestSocket(adopting: descriptor)
                Thread.detachNewThread { script(connection) }
            }
            close(listener)
        }
    }

    deinit {
        // It wakes the accepting thread, which then closes the descriptor.
        shutdown(self.listener, Int32(SHUT_RDWR))
    }

    var url: String { "http://127.0.0.1:\(self.port)/v1/chat/completions" }

    var acceptedConnections: Int { self.accepted.load(ordering: .relaxed) }

    /// A port without a listener.
    static func unusedPort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return self.bindToAnyPort(descriptor)
    }

    private static func bindToAnyPort(_ descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(unsafe bind(descriptor, address, length) == 0, "the test server cannot bind")
                unsafe getsockname(descriptor, address, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}

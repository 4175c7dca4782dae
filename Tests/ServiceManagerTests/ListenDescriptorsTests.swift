// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ServiceManager

@Suite struct ListenDescriptorsTests {
    /// A socket that closes with the test.
    private final class Socket {
        let descriptor: CInt

        init(_ family: CInt, type: CInt = CInt(SOCK_STREAM.rawValue), isListening: Bool = true) {
            self.descriptor = socket(family, type, 0)
            if isListening {
                // Without an address: the kernel picks a port, and a Unix socket is bound by its family alone.
                var unnamed = sockaddr(sa_family: sa_family_t(family), sa_data: sockaddr().sa_data)
                if family == AF_UNIX {
                    unsafe bind(self.descriptor, &unnamed, socklen_t(MemoryLayout<sa_family_t>.size))
                }
                listen(self.descriptor, 1)
            }
        }

        deinit { close(self.descriptor) }
    }

    @Test func `sockets are found by name, in any order`() throws {
        let (first, second, control) = (Socket(AF_INET), Socket(AF_INET6), Socket(AF_UNIX))
        // As systemd passes them: the same open sockets under new numbers.
        let duplicates = [first, control, second].map { dup($0.descriptor) }
        defer { for descriptor in duplicates { close(descriptor) } }
        let assigned = try ListenDescriptors.assign(Array(zip(["http", "control", "http"], duplicates)))
        #expect(assigned.http == [duplicates[0], duplicates[2]])
        #expect(assigned.control == duplicates[1])
    }

    @Test func `http may be a Unix socket too`() throws {
        let http = Socket(AF_UNIX)
        #expect(try ListenDescriptors.assign([("http", http.descriptor)]).http == [http.descriptor])
    }

    @Test func `nothing passed is nothing assigned`() throws {
        #expect(try ListenDescriptors.assign([]) == .empty)
    }

    @Test func `everything wrong is reported at once`() {
        let (web, quiet, datagram) = (
            Socket(AF_INET), Socket(AF_INET, isListening: false),
            Socket(AF_INET, type: CInt(SOCK_DGRAM.rawValue), isListening: false)
        )
        let (one, two) = (Socket(AF_UNIX), Socket(AF_UNIX))
        let error = #expect(throws: ListenDescriptorsError.self) {
            try ListenDescriptors.assign([
                ("control", one.descriptor), ("control", two.descriptor), ("metrics", web.descriptor),
                ("control", web.descriptor), ("http", quiet.descriptor), ("http", datagram.descriptor),
            ])
        }
        #expect(
            error
                == .refused([
                    .duplicate(name: "control"), .unknownName("metrics"),
                    .wrongKind(name: "control", descriptor: web.descriptor),
                    .wrongKind(name: "http", descriptor: quiet.descriptor),
                    .wrongKind(name: "http", descriptor: datagram.descriptor),
                ]))
        #expect(error?.description.contains("FileDescriptorName=") == true)
    }

    @Test func `a process that was passed nothing inherits nothing`() async {
        await #expect(processExitsWith: .success) {
            unsafe unsetenv("LISTEN_FDS")
            let inherited = try? ListenDescriptors.inherit()
            #expect(inherited == .empty)
        }
    }

    @Test func `what was passed to another process is not ours, and the variables go`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("LISTEN_FDS", "1", 1)
            unsafe setenv("LISTEN_PID", "1", 1)
            unsafe setenv("LISTEN_FDNAMES", "http", 1)
            let inherited = try? ListenDescriptors.inherit()
            #expect(inherited == .empty)
            #expect(!isSet("LISTEN_FDS"))
            #expect(!isSet("LISTEN_FDNAMES"))
        }
    }

    @Test func `what was passed to us is checked, and the variables go`() async {
        await #expect(processExitsWith: .success) {
            // Descriptor 3 is whatever this process has there, or nothing: a listening socket it is not.
            unsafe setenv("LISTEN_FDS", "1", 1)
            unsafe setenv("LISTEN_PID", "\(getpid())", 1)
            unsafe setenv("LISTEN_FDNAMES", "http", 1)
            #expect(throws: ListenDescriptorsError.self) { try ListenDescriptors.inherit() }
            #expect(!isSet("LISTEN_FDS"))
        }
    }
}

private func isSet(_ variable: String) -> Bool {
    unsafe getenv(variable) != nil
}

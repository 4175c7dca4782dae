// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import Shared

/// A listener that other machines could reach, where that is not wanted. Nothing listens.
package struct PublicListener: Error, Sendable, Equatable {
    /// Where clients reach it.
    package var address: ListeningAddress
}

/// Listens on an address of our own. Made without a channel, so that the descriptor is known: it can be handed on to
/// the process that takes our place.
enum ListeningSocket {
    private static let backlog: CInt = 1024

    /// Where a listening socket can be reached from other machines; nil when it cannot.
    static func publicAddress(of descriptor: CInt) -> ListeningAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let address = unsafe withUnsafeMutablePointer(to: &storage) { storage -> SocketAddress? in
            let isNamed = unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length) == 0
            }
            guard isNamed else { return nil }
            switch CInt(unsafe storage.pointee.ss_family) {
            case AF_INET:
                return unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    unsafe SocketAddress($0.pointee)
                }
            case AF_INET6:
                return unsafe storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    unsafe SocketAddress($0.pointee)
                }
            default:
                return nil
            }
        }
        guard let address, let text = address.ipAddress, IPAddress(text)?.isLoopback == false else { return nil }
        return ListeningAddress(address)
    }

    static func open(host: String, port: Int) throws -> OwnedDescriptor {
        let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let number = socket(CInt(address.protocol.rawValue), type, 0)
        guard number >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        let descriptor = OwnedDescriptor(number)
        var yes: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        // The connections of a daemon that has just stopped must not keep the next one from listening.
        guard unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, size) == 0 else {
            throw IOError(errnoCode: errno, reason: "setsockopt(SO_REUSEADDR)")
        }
        guard unsafe address.withSockAddr({ unsafe bind(number, $0, socklen_t($1)) }) == 0 else {
            throw IOError(errnoCode: errno, reason: "bind")
        }
        guard listen(number, Self.backlog) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
        return descriptor
    }
}

/// Where the server listens, as a person would write it.
package struct ListeningAddress: Sendable, Equatable, CustomStringConvertible {
    /// An IP address without brackets, or the path of a Unix socket.
    package var host: String
    /// Absent for a Unix socket.
    package var port: Int?

    init(host: String, port: Int?) {
        self.host = host
        self.port = port
    }

    init(_ address: SocketAddress) {
        self.init(host: address.ipAddress ?? address.pathname ?? "", port: address.port)
    }

    package var description: String {
        switch self.port {
        case .none: "unix:\(self.host)"
        case .some(let port) where self.host.utf8.contains(UInt8(ascii: ":")): "[\(self.host)]:\(port)"
        case .some(let port): "\(self.host):\(port)"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore

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

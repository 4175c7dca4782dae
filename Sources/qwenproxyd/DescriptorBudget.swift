// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How the descriptors that the process may have are shared out, so that clients cannot use up those that the control
/// socket, files and the daemon itself need.
struct DescriptorBudget: Sendable, Equatable {
    /// Of clients.
    let connections: Int
    /// To upstreams, for as long as no more than these are needed at once.
    let idleUpstreamConnections: Int

    /// What the daemon itself needs, with 32 connections on the control socket.
    private static let reserve = 96

    /// - Parameter limit: of descriptors of the process.
    init(limit: Int) {
        let room = max(2, limit - min(Self.reserve, limit / 2))
        // Each request of a client may need a connection to an upstream.
        self.connections = min(4096, room / 2)
        self.idleUpstreamConnections = min(1024, room - self.connections)
    }

    static func ofThisProcess() -> DescriptorBudget {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return DescriptorBudget(limit: 1024)
        }
        return DescriptorBudget(limit: Int(clamping: limit.rlim_cur))
    }
}

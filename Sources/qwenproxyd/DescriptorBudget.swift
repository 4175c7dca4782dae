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
        // With a very low limit the reserve must not take all.
        let room = max(2, limit - min(Self.reserve, limit / 2))
        // Each request of a client may need a connection to an upstream.
        self.connections = min(4096, room / 2)
        self.idleUpstreamConnections = min(1024, room - self.connections)
    }

    static func ofThisProcess() -> DescriptorBudget {
        DescriptorBudget(limit: Self.limitOfThisProcess)
    }

    /// RLIMIT_NOFILE as it is now.
    static var limitOfThisProcess: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many descriptors the process has open. Needs one itself: when there is none to be had, all are open.
    static var openInThisProcess: Int {
        guard let directory = unsafe opendir("/proc/self/fd") else { return Self.limitOfThisProcess }
        defer { unsafe closedir(directory) }
        var count = 0
        while let entry = unsafe readdir(directory) {
            // "." and ".." begin with a dot, the others with a digit; one of them is the directory's own.
            if unsafe entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        return count - 1
    }
}

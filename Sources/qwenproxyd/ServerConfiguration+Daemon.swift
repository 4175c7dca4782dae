// SPDX-License-Identifier: Apache-2.0

import Configuration
import Glibc
import Logging
import Server

extension ServerConfiguration {
    /// What the user set, and what this machine allows.
    init(_ configuration: Configuration, logger: Logger) {
        self.init()
        self.maximumBodySize = configuration.server.maxBodyBytes
        self.maximumBufferedBytes =
            configuration.server.maxBufferedBytes ?? AvailableMemory.bytes().map { $0 / 4 } ?? .max
        self.maximumConnections = DescriptorBudget.ofThisProcess().connections
        self.allowedHosts = configuration.server.allowedHosts
        self.isLoopbackOnly = configuration.server.localAPIKey == nil
        self.peers = PeerPolicy(configuration.server.allowedUsers, owner: geteuid()) { name in
            logger.warning("There is no such user or group, so it is not served", metadata: ["peer.name": "\(name)"])
        }
    }
}

extension PeerPolicy {
    /// - Parameters:
    ///   - names: as `server.allowed_users` has them.
    ///   - unknown: is told of names that the system does not know.
    init(_ names: [String], owner: UInt32, unknown: (String) -> Void) {
        if names.contains("*") {
            self = .everybody
            return
        }
        var users: Set<UInt32> = []
        var groups: Set<gid_t> = []
        for name in names {
            if name.hasPrefix("@") {
                if let group = SystemUsers.group(String(name.dropFirst())) {
                    groups.insert(group)
                } else {
                    unknown(name)
                }
            } else if let user = SystemUsers.user(name) {
                users.insert(user)
            } else {
                unknown(name)
            }
        }
        self.init(owner: owner, users: users, groups: groups)
    }
}

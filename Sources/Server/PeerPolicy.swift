// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import Shared
import Synchronization

/// Which users of this machine the server serves over the loopback interface, where every program of every user can reach
/// it. Root may read the memory of any process anyway, and is always served.
package struct PeerPolicy: Sendable, Equatable {
    private enum Rule: Sendable, Equatable {
        case everybody
        case users(Set<UInt32>, groups: Set<UInt32>)
    }

    private let rule: Rule

    /// Every user.
    package static let everybody = PeerPolicy(rule: .everybody)

    /// - Parameters:
    ///   - owner: the server's own user.
    ///   - users: further users.
    ///   - groups: groups all of whose members are served.
    package init(owner: UInt32, users: Set<UInt32> = [], groups: Set<UInt32> = []) {
        self.rule = .users(users.union([owner, 0]), groups: groups)
    }

    private init(rule: Rule) {
        self.rule = rule
    }

    /// Whether the user of the connecting process must be known.
    var needsOwner: Bool { self.rule != .everybody }

    /// - Parameters:
    ///   - owner: the user of the process at the other end; nil when the kernel does not tell.
    ///   - groups: gives the groups of a user. Asked only where groups decide.
    func admits(_ owner: UInt32?, groups: (UInt32) -> Set<UInt32>) -> Bool {
        switch self.rule {
        case .everybody:
            return true
        case .users(let users, let admitted):
            // Not to know who it is must not let anybody in.
            guard let owner else { return false }
            if users.contains(owner) { return true }
            return !admitted.isEmpty && !admitted.isDisjoint(with: groups(owner))
        }
    }
}

/// Applies the policy to each connection as it is accepted.
final class PeerCheck: Sendable {
    /// The user at the other end, where the policy does not admit it.
    enum Objection: Sendable, Equatable {
        case user(UInt32)
        /// The client has closed its end already, or its socket cannot be found.
        case unknown

        var user: UInt32? {
            if case .user(let user) = self { user } else { nil }
        }
    }

    private let policy: PeerPolicy
    private let logger: Logger
    /// Nil before the first listener, and where the kernel does not tell.
    private let owners = Mutex<SocketOwners?>(nil)

    init(_ policy: PeerPolicy, logger: Logger) {
        self.policy = policy
        self.logger = logger
    }

    /// Called before anything listens, when descriptors are still to be had.
    func prepare() {
        guard self.policy.needsOwner, self.owners.withLock({ $0 == nil }) else { return }
        guard let owners = SocketOwners() else {
            return self.logger.warning(
                "The kernel does not tell which user connects, so every user of this machine is served")
        }
        self.owners.withLock { $0 = owners }
    }

    /// - Parameter address: our end of the connection. Only one over the loopback interface has its other end here.
    func objection(to channel: any Channel, at address: ListeningAddress?) -> Objection? {
        guard self.policy.needsOwner, let address, address.port != nil, IPAddress(address.host)?.isLoopback == true,
            let owners = self.owners.withLock({ $0 })
        else { return nil }
        let owner = owners.owner(ofPeerOf: channel)
        if self.policy.admits(owner, groups: owners.groups) { return nil }
        return owner.map { .user($0) } ?? .unknown
    }
}

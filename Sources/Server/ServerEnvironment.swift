// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore

/// What all connections of a server share.
struct ServerEnvironment: Sendable {
    let configuration: ServerConfiguration
    let responder: any Responder
    let registry: ConnectionRegistry
    let memory: MemoryBudget
    let peers: PeerCheck
    let requestIDs = RequestIDGenerator()
    let logger: Logger
    /// One for each event loop of the group.
    let loops: [ServerLoop]

    func loop(_ eventLoop: any EventLoop) -> ServerLoop {
        guard let loop = self.loops.first(where: { $0.eventLoop === eventLoop }) else {
            preconditionFailure("A channel on an event loop of another group")
        }
        return loop
    }
}

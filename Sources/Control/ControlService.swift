// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
package import NIOCore
import NIOPosix
import Server
package import Shared
import Synchronization

/// Serves the control interface on a Unix socket until its task is cancelled.
package final class ControlService: Sendable {
    let address: String
    let isInherited: Bool

    private let socket: Mutex<ControlSocket?>
    private let responder: ControlResponder
    private let group: any EventLoopGroup
    private let limits: ControlLimits
    private let handOver: ControlHandOver
    private let logger: Logger
    private let connections = OpenConnections()
    private let lastingCalls: LastingCalls

    package init(
        socket: consuming ControlSocket, control: any ControlInterface & Sendable, group: any EventLoopGroup,
        limits: ControlLimits = ControlLimits(), handOver: ControlHandOver? = nil, logger: Logger,
    ) {
        self.address = socket.address
        self.isInherited = socket.isInherited
        self.handOver = handOver ?? ControlHandOver(of: socket)
        self.socket = Mutex(socket)
        self.responder = ControlResponder(control: control, logger: logger)
        self.group = group
        self.limits = limits
        self.lastingCalls = LastingCalls(limit: limits.lastingCalls)
        self.logger = logger
    }

    /// Runs once. Cancelling its task closes the socket and every connection.
    package func run() async throws {
        guard let socket = self.socket.withLock({ $0.take() }) else {
            preconditionFailure("A control service runs only once")
        }
        var file = socket.file
        let logger = self.logger
        let server = try await ServerBootstrap(group: self.group)
            // The error of an accept that failed would end the service.
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let rest = AcceptRest(message: "A control connection could not be accepted", logger: logger)
                    try channel.pipeline.syncOperations.addHandler(rest)
                }
            }
            // Nothing is read before a task is there to take it.
            .childChannelOption(.autoRead, value: false)
            // From here on the channel closes the descriptor.
            .bind(socket.descriptor.release()) { self.open($0) }
        self.handOver.listens(on: server.channel)
        defer { self.connections.closeAll() }
        do {
            try await server.executeThenClose { accepted in
                try await self.serve(accepted)
                self.handOver.lastAnswerSent()
            }
        } catch is CancellationError {
            // That is how it is told to stop.
        }
        // The file goes when no client is served any more.
        if self.handOver.isHandedOver { file?.keep() }
        _ = consume file
    }

    private func serve(_ accepted: NIOAsyncChannelInboundStream<ControlConnection?>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for try await connection in accepted {
                guard let connection else { continue }
                group.addTask {
                    await connection.serve(with: self.responder, limits: self.limits, logger: self.logger)
                }
            }
        }
    }

    /// Decides whether an accepted connection is served. A refusal is a value: a failed future would end the listener.
    private func open(_ channel: any Channel) -> EventLoopFuture<ControlConnection?> {
        PeerCredentials.of(channel).flatMapThrowing { peer -> ControlConnection? in
            guard peer.mayControl(daemonOf: geteuid()) else {
                self.logger.warning(
                    "Refused a control connection of another user",
                    metadata: ["peer.uid": "\(peer.userID)", "peer.pid": "\(peer.processID)"],
                )
                return nil
            }
            try self.connections.insert(channel, limit: self.limits.connections)
            let connection = ControlConnection(channel: channel, lastingCalls: self.lastingCalls)
            try connection.limitIdleness(to: self.limits.idle)
            return connection
        }.flatMapErrorThrowing { error -> ControlConnection? in
            if case OpenConnections.Refusal.tooMany = error {
                self.logger.warning(
                    "Refused a control connection, because there are too many",
                    metadata: ["limit": "\(self.limits.connections)"],
                )
                return nil
            }
            self.logger.debug("A control connection could not be set up", metadata: ["error": "\(error)"])
            return nil
        }.map { connection in
            if connection == nil { channel.close(promise: nil) }
            return connection
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOPosix
import Shared
import Synchronization

/// Serves the control interface on a Unix socket until its task is cancelled.
final class ControlService: Sendable {
    let address: String
    let isInherited: Bool

    private let socket: Mutex<ControlSocket?>
    private let responder: ControlResponder
    private let group: any EventLoopGroup
    private let limits: ControlLimits
    private let logger: Logger
    private let openConnections = Atomic<Int>(0)

    init(
        socket: consuming ControlSocket, control: any ControlInterface & Sendable, group: any EventLoopGroup,
        limits: ControlLimits = ControlLimits(), logger: Logger,
    ) {
        self.address = socket.address
        self.isInherited = socket.isInherited
        self.socket = Mutex(socket)
        self.responder = ControlResponder(control: control, logger: logger)
        self.group = group
        self.limits = limits
        self.logger = logger
    }

    /// Runs once. Cancelling its task closes the socket and every connection.
    func run() async throws {
        guard let socket = self.socket.withLock({ $0.take() }) else {
            preconditionFailure("A control service runs only once")
        }
        let file = socket.file
        let server = try await ServerBootstrap(group: self.group)
            .bind(socket.descriptor.release()) { self.open($0) }
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    guard let connection else { continue }
                    group.addTask {
                        await connection.serve(with: self.responder, limits: self.limits, logger: self.logger)
                    }
                }
            }
        }
        // The file goes when nobody is served any more.
        _ = consume file
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
            guard self.takeSlot(for: channel) else {
                self.logger.warning(
                    "Refused a control connection, because there are too many",
                    metadata: ["limit": "\(self.limits.connections)", "peer.pid": "\(peer.processID)"],
                )
                return nil
            }
            return try self.prepare(channel, peer: peer)
        }.flatMapErrorThrowing { error -> ControlConnection? in
            self.logger.debug("A control connection could not be set up", metadata: ["error": "\(error)"])
            return nil
        }.map { connection in
            if connection == nil { channel.close(promise: nil) }
            return connection
        }
    }

    private func takeSlot(for channel: any Channel) -> Bool {
        let (_, count) = self.openConnections.add(1, ordering: .relaxed)
        guard count <= self.limits.connections else {
            self.openConnections.subtract(1, ordering: .relaxed)
            return false
        }
        channel.closeFuture.whenComplete { _ in
            self.openConnections.subtract(1, ordering: .relaxed)
        }
        return true
    }

    /// Runs on the channel's event loop.
    private func prepare(_ channel: any Channel, peer: PeerCredentials) throws -> ControlConnection {
        let activity = IdleControlConnection.Activity()
        try channel.pipeline.syncOperations.addHandlers(
            IdleStateHandler(allTimeout: self.limits.idle),
            IdleControlConnection(activity: activity),
        )
        // A small window: what a client sends ahead of our answers stays in the kernel, where it is bounded.
        let configuration = NIOAsyncChannel<ByteBuffer, ByteBuffer>.Configuration(
            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2),
        )
        let wrapped = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel, configuration: configuration)
        return ControlConnection(channel: wrapped, activity: activity, peer: peer)
    }
}

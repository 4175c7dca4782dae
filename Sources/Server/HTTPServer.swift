// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import Shared
import Synchronization

/// The inbound side: listens, speaks HTTP/1.1, and asks its responder for the answers.
package final class HTTPServer: Sendable {
    private let environment: ServerEnvironment
    private let group: any EventLoopGroup
    private let listeners = Mutex<[Listener]>([])

    private struct Listener {
        let channel: any Channel
        /// The channel's own; open for as long as the listener is in the list.
        let descriptor: CInt
    }

    /// The group outlives the server; one event loop is enough for thousands of streams.
    package init(
        configuration: ServerConfiguration = ServerConfiguration(),
        responder: any Responder,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1),
        logger: Logger,
    ) {
        self.environment = ServerEnvironment(
            configuration: configuration,
            responder: responder,
            registry: ConnectionRegistry(limit: configuration.maximumConnections),
            memory: MemoryBudget(limit: configuration.maximumBufferedBytes),
            peers: PeerCheck(configuration.peers, logger: logger),
            logger: logger,
            loops: group.makeIterator().map { ServerLoop($0) },
        )
        self.group = group
    }

    /// Open connections, idle ones included.
    package var connections: Int { self.environment.registry.connections }

    /// Connections that were closed at once because `maximumConnections` were open.
    package var refusedConnections: Int { self.environment.registry.refusals }

    package var maximumConnections: Int { self.environment.configuration.maximumConnections }

    /// Requests whose responder has not returned.
    package var activeRequests: Int { self.environment.registry.activeRequests }

    /// All addresses that the server listens on, with the ports that it was given.
    package var localAddresses: [ListeningAddress] {
        self.listeners.withLock { $0.compactMap { $0.channel.localAddress.map(ListeningAddress.init) } }
    }

    /// Where other machines reach the server; nil when it listens on loopback addresses only.
    package var publicAddress: ListeningAddress? {
        self.listeners.withLock { $0.lazy.compactMap { ListeningSocket.publicAddress(of: $0.descriptor) }.first }
    }

    /// Listens on an address of our own. Port 0 takes a free one, see `localAddresses`.
    package func bind(host: String, port: Int) async throws {
        try await self.adopt(socket: ListeningSocket.open(host: host, port: port).release())
    }

    /// Takes over a descriptor on which the service manager already listens. It is ours from now on, and
    /// closed by `quiesce`; other copies of it stay open, and with them the queue in the kernel.
    package func adopt(socket: CInt) async throws {
        self.environment.peers.prepare()
        if self.environment.configuration.isLoopbackOnly, let address = ListeningSocket.publicAddress(of: socket) {
            close(socket)
            throw PublicListener(address: address)
        }
        let channel = try await self.makeBootstrap().withBoundSocket(socket).get()
        self.listeners.withLock { $0.append(Listener(channel: channel, descriptor: socket)) }
        let address = channel.localAddress.map { ListeningAddress($0).description } ?? "unknown"
        self.environment.logger.info("Listening", metadata: ["server.address": "\(address)"])
    }

    /// Copies of the listening descriptors, which the caller closes: a process that holds one can accept what we do not.
    package func duplicateListeners() -> [CInt] {
        self.listeners.withLock { listeners in
            listeners.compactMap { OwnedDescriptor.copy(of: $0.descriptor)?.release() }
        }
    }

    /// Stops accepting, answers what has been sent, lets running responses end, and closes idle connections after a moment.
    /// What is still open at the deadline is cut.
    package func quiesce(deadline: ContinuousClock.Instant) async {
        let registry = self.environment.registry
        let patience = max(.zero, ContinuousClock.now.duration(to: deadline))
        let grace = min(self.environment.configuration.stopGrace, patience)
        await self.retire(idleGrace: patience)
        let stop = self.group.next().scheduleTask(in: TimeAmount(grace)) {
            for channel in registry.stop() {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
        }
        await self.waitUntilEmpty(deadline: deadline)
        stop.cancel()
    }

    /// Leaves the new connections to another process that holds the same sockets, and serves the old ones until each has
    /// had its last answer, or was idle for `idleGrace`. Returns when the other process can accept.
    package func retire(idleGrace: Duration) async {
        let registry = self.environment.registry
        for channel in registry.retire(idleGrace: idleGrace) {
            channel.pipeline.fireUserInboundEventTriggered(ConnectionRetirement(idleGrace: idleGrace))
        }
        await self.stopAccepting()
    }

    private func stopAccepting() async {
        let listeners = self.listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in listeners {
            // A listener that closed by itself has nothing more to accept, which is all that is wanted.
            try? await listener.channel.close()
        }
    }

    /// Returns when no connection is open. An answer that is not complete at the deadline ends there, with the responder's word
    /// for it.
    package func waitUntilEmpty(deadline: ContinuousClock.Instant) async {
        let registry = self.environment.registry
        let patience = TimeAmount(ContinuousClock.now.duration(to: deadline))
        let cut = self.group.next().scheduleTask(in: patience) {
            for channel in registry.cut() { channel.pipeline.fireUserInboundEventTriggered(ConnectionCut()) }
        }
        await registry.waitUntilEmpty()
        cut.cancel()
    }

    private func makeBootstrap() -> ServerBootstrap {
        let environment = self.environment
        let mark = environment.configuration.highWaterMark
        return ServerBootstrap(group: self.group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let rest = AcceptRest(message: "A connection could not be accepted", logger: environment.logger)
                    try channel.pipeline.syncOperations.addHandler(rest)
                }
            }
            // An inherited socket was not given this before clients connected, so it cannot be left to the listener.
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The kernel would take up to 4 MB for a client that does not read, beside what the mark allows here.
            .childChannelOption(.tcpOption(Self.notSentLowWater), value: mark / 2)
            // A client that closes its half has hung up: Claude Code does so on Esc, and the upstream is to stop at
            // once.
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: mark / 2, high: mark))
            // Starts with what a small request needs, because the buffer stays as long as the connection, and grows while a
            // large body keeps filling it.
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 2048, maximum: 512 << 10),
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.furnish(channel, environment) }
            }
    }

    /// How many bytes the kernel takes that it cannot send yet (TCP_NOTSENT_LOWAT, tcp(7)).
    private static let notSentLowWater = NIOBSDSocket.Option(rawValue: 25)

    private static func furnish(_ channel: any Channel, _ environment: ServerEnvironment) throws {
        let configuration = environment.configuration
        // A failed initializer makes NIO close the connection, and nothing of it is set up.
        guard environment.registry.connectionOpened(channel) else { throw ChannelError.eof }
        let address = channel.localAddress.map { ListeningAddress($0) }
        // A request line and the headers may each be as long as one limit.
        let gate = ReceiveGate(limit: 2 * configuration.maximumHeaderSize)
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.maximumHeaderSize
        limits.maxHeaderListSize = configuration.maximumHeaderSize
        limits.maxHeaderFieldCount = configuration.maximumHeaderCount
        // Bytes are left over only after a request to upgrade, to a protocol that is not spoken here.
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        let connection = Connection(
            environment: environment,
            loop: environment.loop(channel.eventLoop),
            gate: gate,
            admission: RequestAdmission(
                foreigner: environment.peers.objection(to: channel, at: address),
                originPolicy: LocalOriginPolicy(address: address, allowedHosts: configuration.allowedHosts),
                maximumBodySize: configuration.maximumBodySize,
            ),
        )
        try channel.pipeline.syncOperations.addHandlers([gate, ByteToMessageHandler(decoder), connection])
    }
}

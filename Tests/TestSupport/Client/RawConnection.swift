// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// A TCP connection with every byte under the test's control: what is sent, in which pieces, and when is read.
public final class RawConnection: Sendable {
    /// What came in: pieces as they were read, then nil for the end.
    let arrivals: Journal<[UInt8]?>
    private let channel: any Channel

    /// - Parameter reading: false for a client that takes nothing from its socket until `resumeReading()`.
    public static func open(port: Int, reading: Bool = true) async throws -> RawConnection {
        let arrivals = Journal<[UInt8]?>()
        let bootstrap = ClientBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .connectTimeout(.seconds(60))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: reading)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(arrivals: arrivals))
                }
            }
        // A small window makes a client that does not read felt soon.
        let configured = reading ? bootstrap : bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 16 * 1024)
        return RawConnection(
            arrivals: arrivals,
            channel: try await configured.connect(host: "127.0.0.1", port: port).get(),
        )
    }

    private init(arrivals: Journal<[UInt8]?>, channel: any Channel) {
        self.arrivals = arrivals
        self.channel = channel
    }

    public func send(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    public func send(_ text: String) async throws {
        try await self.send(Array(text.utf8))
    }

    public func resumeReading() async throws {
        try await self.channel.setOption(.autoRead, value: true).get()
    }

    /// An orderly close (FIN).
    public func close() async {
        try? await self.channel.close()
    }

    /// The end of what the peer sends.
    public func waitForEnd(within limit: Duration = .seconds(30)) async throws {
        try await self.arrivals.wait(for: "the end of the connection", within: limit) { entries in
            entries.last.flatMap { $0 } == nil && !entries.isEmpty ? () : nil
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let arrivals: Journal<[UInt8]?>

        init(arrivals: Journal<[UInt8]?>) {
            self.arrivals = arrivals
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.arrivals.append(Array(self.unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            self.arrivals.append(nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // A reset by the peer is an end like another; `isComplete` says what was missing.
            context.close(promise: nil)
        }
    }
}

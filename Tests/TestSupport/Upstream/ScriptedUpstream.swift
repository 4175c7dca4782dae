// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server on a free port of 127.0.0.1 that plays an OpenAI-compatible upstream by script, and keeps a
/// record of all that reached it. Owned by one test; `stop()` ends it.
public final class ScriptedUpstream: Sendable {
    /// A connection that the peer closed.
    public struct Disconnection: Sendable {
        public var connection: Int
        /// The request whose answer was not finished, if there was one.
        public var request: Int?
        public var instant: ContinuousClock.Instant
    }

    public typealias Script = @Sendable (CapturedRequest) -> ScriptedReply

    public let port: Int
    private let channel: any Channel
    private let recorder: ScriptRecorder

    public var requests: Journal<CapturedRequest> { self.recorder.requests }
    public var disconnections: Journal<Disconnection> { self.recorder.disconnections }
    /// Every accepted connection, by its number.
    public var connections: Journal<Int> { self.recorder.connections }
    /// Body bytes of `.flood` steps that the socket has taken.
    public var floodedByteCount: Int { self.recorder.floodedByteCount.load(ordering: .relaxed) }

    public var baseURL: String { "http://127.0.0.1:\(self.port)/v1" }

    public static func start(_ script: @escaping Script) async throws -> ScriptedUpstream {
        let recorder = ScriptRecorder(script: script)
        let channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(ScriptedConnection(recorder: recorder))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return ScriptedUpstream(channel: channel, recorder: recorder)
    }

    private init(channel: any Channel, recorder: ScriptRecorder) {
        self.channel = channel
        self.port = channel.localAddress?.port ?? 0
        self.recorder = recorder
    }

    /// Stops accepting. Open connections end when their peers do.
    public func stop() async {
        try? await self.channel.close()
    }
}

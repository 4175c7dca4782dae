// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix

/// The service manager's end of sd_notify: a datagram socket that keeps what it is told.
public final class NotifySocket: Sendable {
    public let path: String
    /// One entry per assignment, such as `READY=1`, in the order of arrival.
    public let assignments: Journal<String>
    private let channel: any Channel

    /// The senders' addresses are unnamed, which NIO's datagram channel does not take; a pipe channel reads the same
    /// socket without asking for them, one datagram at a time.
    public static func bind(path: String) async throws -> NotifySocket {
        // A home that is used again still has the socket of the daemon before.
        unsafe unlink(path)
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        let result = unsafe try SocketAddress(unixDomainSocketPath: path).withSockAddr { address, size in
            unsafe Glibc.bind(descriptor, address, socklen_t(size))
        }
        guard descriptor >= 0, result == 0 else { throw IOError(errnoCode: errno, reason: "bind \(path)") }
        let assignments = Journal<String>()
        let channel = try await NIOPipeBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(assignments: assignments))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .get()
        return NotifySocket(path: path, assignments: assignments, channel: channel)
    }

    private init(path: String, assignments: Journal<String>, channel: any Channel) {
        self.path = path
        self.assignments = assignments
        self.channel = channel
    }

    deinit {
        self.channel.close(promise: nil)
    }

    /// The value of the first assignment to `name` at or after `index`.
    public func value(
        of name: String, from index: Int = 0, within limit: Duration = .seconds(30)
    ) async throws -> String {
        let prefix = name + "="
        return try await self.assignments.wait(for: "\(prefix)… on the notify socket", within: limit) { entries in
            entries.dropFirst(index).first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let assignments: Journal<String>

        init(assignments: Journal<String>) {
            self.assignments = assignments
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let message = String(buffer: self.unwrapInboundIn(data))
            for line in message.split(separator: "\n") { self.assignments.append(String(line)) }
        }
    }
}

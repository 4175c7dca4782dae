// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import Synchronization

@testable import Server

/// Answers as a test says.
struct ClosureResponder: Responder {
    let body: @Sendable (borrowing InboundRequest, ResponseWriter) async -> Void

    func respond(to request: consuming InboundRequest, writer: ResponseWriter) async {
        await self.body(request, writer)
    }

    func rejection(_ reason: ProtocolRejection, requestID: String) -> OutboundResponse {
        let status =
            switch reason {
            case .malformed: 400
            case .bodyTooLarge: 413
            case .foreignOrigin, .foreignUser: 403
            case .unsupportedCoding: 415
            case .stopping: 503
            case .outOfMemory: 529
            }
        return OutboundResponse(status: status, headers: [], body: Array("\(reason)".utf8))
    }
}

extension OutboundResponse {
    static func text(_ text: String, status: Int = 200) -> OutboundResponse {
        OutboundResponse(status: status, headers: [("content-type", "text/plain")], body: Array(text.utf8))
    }
}

/// Says back method, path, query and body.
@Sendable func echo(_ request: borrowing InboundRequest, _ writer: ResponseWriter) async {
    let body = String(decoding: request.body, as: UTF8.self)
    writer.send(.text("\(request.method) \(request.path) \(request.query ?? "-") \(body)"))
}

/// Runs a server on a free port of 127.0.0.1 for as long as the test needs it.
func withServer(
    _ configuration: ServerConfiguration = ServerConfiguration(),
    eventLoops: Int = 1,
    respond: @escaping @Sendable (borrowing InboundRequest, ResponseWriter) async -> Void = echo,
    test: (HTTPServer, Int) async throws -> Void,
) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: eventLoops)
    let server = HTTPServer(
        configuration: configuration,
        responder: ClosureResponder(body: respond),
        group: group,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    )
    let result: Result<Void, any Error>
    do {
        try await server.bind(host: "127.0.0.1", port: 0)
        try await test(server, server.localAddresses[0].port ?? 0)
        result = .success(())
    } catch {
        result = .failure(error)
    }
    await server.quiesce(deadline: .now)
    try await group.shutdownGracefully()
    try result.get()
}

/// Opened once, waited for by any number.
final class Latch: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func open() { self.continuation.finish() }

    /// Also returns when the waiting task is cancelled.
    func wait() async {
        for await _ in self.stream {}
    }
}

/// A number that many threads change.
final class Counter: Sendable {
    private let atomic = Atomic(0)

    var value: Int { self.atomic.load(ordering: .relaxed) }

    @discardableResult
    func add(_ amount: Int) -> Int { self.atomic.add(amount, ordering: .relaxed).newValue }

    func raise(to value: Int) { self.atomic.max(value, ordering: .relaxed) }
}

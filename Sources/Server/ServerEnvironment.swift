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

/// What the connections of one event loop share.
final class ServerLoop: Sendable {
    let executor: EventLoopTaskExecutor
    let deliveries: ResponseDeliveries

    var eventLoop: any EventLoop { self.deliveries.eventLoop }

    init(_ eventLoop: any EventLoop) {
        self.executor = EventLoopTaskExecutor(eventLoop: eventLoop)
        self.deliveries = ResponseDeliveries(eventLoop: eventLoop)
    }
}

/// Runs tasks on an event loop, so that a request crosses no thread between its bytes and its responder.
final class EventLoopTaskExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        // A closure cannot own a value that may not be copied; the job runs exactly once, below.
        let job = UnownedJob(job)
        self.eventLoop.execute {
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}

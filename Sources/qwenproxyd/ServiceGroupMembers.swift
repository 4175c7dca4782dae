// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import ServiceLifecycle
import ServiceManager
import Transport
import UnixSignals

/// Work that runs beside the requests until the stop has reached it, and then is cancelled.
struct BackgroundService: Service {
    private let work: @Sendable () async throws -> Void

    init(_ work: @escaping @Sendable () async throws -> Void) { self.work = work }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await self.work()
                // A part that has nothing to do must not end: the group would take that for a failure.
                try await gracefulShutdown()
            } catch is CancellationError {
                // The stop has come. An error here would make the group report a failure.
            }
        }
    }
}

/// SIGHUP reads the configuration and the credentials again.
struct HangupReload: Service {
    /// Trapped before the daemon says that it runs: from then on a signal neither ends it nor gets lost.
    let hangups: UnixSignalsSequence
    let reloader: Reloader

    func run() async throws {
        for await _ in self.hangups.cancelOnGracefulShutdown() {
            // A mistake was logged, and the old configuration stays in force.
            _ = try? self.reloader.reload()
        }
    }
}

/// Ends the service group when `stop()` was called: `qwenproxyctl stop` does what SIGTERM does.
struct StopRequest: Service {
    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (self.requests, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func stop() { self.continuation.yield() }

    func run() async throws {
        for await _ in self.requests.cancelOnGracefulShutdown() { return }
    }
}

/// SIGTERM and SIGINT: the first asks for a stop, and each is told to what finishes the requests.
struct TerminationSignals: Sendable {
    /// Trapped before the service manager can think that the daemon runs: from then on none gets lost.
    private let signals: UnixSignalsSequence
    private let stop: StopRequest
    /// One value for whatever came since the last was taken.
    let received: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init(stop: StopRequest) async {
        self.signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        self.stop = stop
        (self.received, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Until its task is cancelled, which has to be after the last request.
    func forward() async {
        for await _ in self.signals {
            self.stop.stop()
            self.continuation.yield()
        }
    }
}

/// Tells the service manager: the last thing up and the first thing down.
struct ReadinessAnnouncement: Service {
    let notifier: ServiceNotifier
    let status: String

    func run() async throws {
        self.notifier.notify(.ready(status: self.status))
        try? await gracefulShutdown()
        self.notifier.notify(.stopping(status: "Draining"))
    }
}

extension WatchdogCheck {
    /// Every event loop runs something.
    static func eventLoops(of group: MultiThreadedEventLoopGroup) -> WatchdogCheck {
        WatchdogCheck(name: "event-loop") {
            for loop in group.makeIterator() { try await loop.submit {}.get() }
        }
    }

    /// The curl thread runs something.
    static func curlThread(of upstream: UpstreamClient) -> WatchdogCheck {
        WatchdogCheck(name: "curl-thread") {
            await withCheckedContinuation { continuation in
                upstream.ping { continuation.resume() }
            }
        }
    }
}

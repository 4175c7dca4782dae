// SPDX-License-Identifier: Apache-2.0

import Configuration
import Control
import Gateway
import Glibc
import Logging
import NIOCore
import Server
import ServiceManager
import Shared
import Synchronization

/// Restart without loss: a new process of the installed program takes the sockets over, and this one finishes what it
/// has begun.
///
/// The queue of the sockets is in the kernel and belongs to both. We stop emptying it when the new one is ready to, and only
/// then it begins: between the two, a connection waits for a moment. Until then nothing has changed here: when the new one
/// fails, we go on.
final class Succession: Sendable {
    /// An idle connection stays open for this long after the hand-over: a client that was told it may stay must not find
    /// it closed just as it sends its next request.
    static let idleGrace = Duration.seconds(5)
    private static let startLimit = TimeAmount.seconds(20)

    private enum State: Sendable, Equatable {
        /// Goes to `handingOver` or `stopping`.
        case serving
        /// Goes to `handedOver`, back to `serving`, or to `stopping`.
        case handingOver
        /// A successor serves; the last state.
        case handedOver
        /// There will be no successor; the last state.
        case stopping
    }

    // Read at the start: after an upgrade the kernel says "(deleted)" after the name.
    private let program = OwnProgram.path ?? ""
    private let environment: [String: String]
    private let configuration: ConfigurationStore
    private let server: HTTPServer
    /// As configured; nil when systemd opened the sockets.
    private let httpAddress: String?
    private let control: ControlHandOver
    private let notifier: ServiceNotifier
    private let stop: StopRequest
    private let metrics: RequestMetrics
    private let predecessors: Predecessors
    private let reportToSuccessor = ReportToSuccessor()
    /// When this process ends after a hand-over, whatever it still serves then.
    private let end = Mutex<Timestamp?>(nil)
    private let group: any EventLoopGroup
    private let logger: Logger
    private let state = Mutex(State.serving)

    init(
        environment: [String: String], configuration: ConfigurationStore, server: HTTPServer, httpAddress: String?,
        control: ControlHandOver, notifier: ServiceNotifier, stop: StopRequest, metrics: RequestMetrics,
        predecessors: Predecessors, group: any EventLoopGroup, logger: Logger
    ) {
        self.environment = environment
        self.configuration = configuration
        self.server = server
        self.httpAddress = httpAddress
        self.control = control
        self.notifier = notifier
        self.stop = stop
        self.metrics = metrics
        self.predecessors = predecessors
        self.group = group
        self.logger = logger
    }

    /// Returns when the new process serves; this one ends by itself then.
    func begin() async throws(ControlError) -> RestartReport {
        let before = self.state.withLock { state in
            let before = state
            if state == .serving { state = .handingOver }
            return before
        }
        switch before {
        case .serving: break
        case .handingOver: throw .restartFailed(reason: "Another restart is under way.")
        case .handedOver, .stopping: throw .stopping
        }
        do {
            let successor = try self.startSuccessor()
            let version = try await successor.takeOver(within: Self.startLimit, group: self.group) {
                version async throws(Successor.Failure) in
                try await self.commit(to: successor, version: version)
            }
            // After the successor has begun: the stop lets this process drain while the other one accepts.
            self.stop.stop()
            return RestartReport(pid: Int(successor.processID), version: version)
        } catch {
            let reason = (error as? Successor.Failure)?.reason ?? "\(error)"
            self.logger.error("The restart failed", metadata: ["error.message": "\(reason)"])
            let isStopping = self.state.withLock { state in
                if state == .handingOver { state = .serving }
                return state == .stopping
            }
            throw isStopping ? .stopping : .restartFailed(reason: reason)
        }
    }

    /// The end has come. Says whether it is because another process serves.
    func serviceEnds() -> Bool {
        self.state.withLock { state in
            if state != .handedOver { state = .stopping }
            return state == .handedOver
        }
    }

    private func startSuccessor() throws(Successor.Failure) -> Successor {
        let http = self.server.duplicateListeners()
        let control = self.control.duplicate().map { [$0] } ?? []
        let reports = self.predecessors.duplicates() + [self.reportToSuccessor?.duplicate()].compactMap(\.self)
        defer { for descriptor in http + control + reports { close(descriptor) } }
        let names = http.map { _ in "http" } + control.map { _ in "control" }
        return try Successor.start(self.program, sockets: http + control, more: reports) { link in
            Takeover(
                descriptor: link, httpAddress: self.httpAddress, ownsControl: self.control.ownsFile,
                predecessors: reports.indices.map { link + 1 + CInt($0) }
            ).environment(from: self.environment, names: names)
        }
    }

    /// Another process serves.
    var hasHandedOver: Bool { self.state.withLock { $0 == .handedOver } }

    /// Tells the new process again and again what is still served here, until the task is cancelled.
    func report() async {
        while !Task.isCancelled {
            self.reportOnce()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func reportOnce() {
        guard let end = self.end.withLock({ $0 }) else { return }
        let metrics = self.metrics.snapshot
        self.reportToSuccessor?.put(
            PredecessorStatus(
                pid: Int(getpid()), until: end, inFlight: metrics.inFlight, streaming: metrics.streaming,
                live: self.metrics.liveRequests))
    }

    private func commit(to successor: Successor, version: String) async throws(Successor.Failure) {
        let isHandedOver = self.state.withLock { state in
            // Under the lock, so that a stop that comes now either prevents this or finds it done.
            if state == .handingOver { state = .handedOver }
            return state == .handedOver
        }
        guard isHandedOver else { throw Successor.Failure(reason: "qwenproxyd is stopping.") }
        // While this process is still the main one: systemd takes the message from no other (NotifyAccess=main).
        self.notifier.notify(.mainProcess(successor.processID))
        // From here on the service manager listens to the other one.
        self.notifier.mute()
        let limit = self.configuration.current.server.handOverTimeout
        await self.server.retire(idleGrace: min(Self.idleGrace, limit))
        await self.control.handOver()
        let now = Timestamp.now()
        self.end.withLock { $0 = Timestamp(secondsSinceEpoch: now.secondsSinceEpoch + limit.components.seconds) }
        // The new process has not begun yet, and its first status is to show this one.
        self.reportOnce()
        // Whatever goes wrong at the end: the service has another process now, and the service manager does not watch
        // over this one.
        alarm(UInt32(clamping: limit.components.seconds) + 15)
        self.logger.notice(
            "Handed over to a new process",
            metadata: [
                "successor.pid": "\(successor.processID)", "successor.version": "\(version)",
                "requests.active": "\(self.server.activeRequests)", "drain.limit": "\(limit)",
            ])
        guard self.environment["NOTIFY_SOCKET"] == nil else { return }
        StandardStream.output.write(
            "qwenproxyd goes on as process \(successor.processID); `qwenproxyctl stop` ends it.\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Configuration
import Control
import Credentials
import DaemonLogging
import Demo
import Gateway
import Glibc
import Logging
import NIOCore
import NIOPosix
import Server
import ServiceLifecycle
import ServiceManager
import Shared
import Transport
import UnixSignals

/// The composition root: makes every room, opens the sockets, and runs until it is told to stop. What READY=1 promises
/// is done before the service group runs.
struct Daemon {
    let loader: ConfigurationLoader
    let configuration: Configuration
    let environment: [String: String]
    /// Set when this process takes the place of another one.
    let takeover: Takeover?

    func run() async throws {
        // Both look at what the process was started with: nothing may have opened a descriptor or a thread before.
        let inherited = try self.inheritedSockets()
        let level = LogLevelSwitch(self.configuration.log.level)
        let writer = LogDestination.standardError(environment: self.environment)
        LoggingSystem.bootstrap { label in DaemonLogHandler(label: label, level: level, writer: writer) }
        let logger = Logger(.daemon)
        // Before any socket is written to.
        ProcessHardening.ignoreBrokenPipes()
        ProcessHardening.yieldToRunningThreads()

        let store = ConfigurationStore(self.configuration)
        let credentials = CredentialStore(configuration: store, canRenew: true)
        let watcher = try self.startWatcher(credentials)
        ProcessHardening.protectMemory()
        // Before the client and the server are made, which share the descriptors out.
        ProcessHardening.raiseDescriptorLimit()
        for warning in self.configuration.warnings { logger.warning("\(warning)") }
        for mistake in self.configuration.mistakes {
            logger.error("The configuration has a mistake", metadata: ["error.message": "\(mistake)"])
        }

        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.configuration.server.eventLoops)
        // A start that fails, on a port that is taken for example, ends the threads as a stop does.
        let end = await Result {
            let upstream = try self.startUpstreamClient()
            defer { upstream.shutdown() }
            try await self.serve(
                inherited, store: store, credentials: credentials, watcher: watcher, level: level, upstream: upstream,
                group: group, logger: logger)
        }
        watcher.stop()
        try await group.shutdownGracefully()
        try end.get()
        logger.info("Stopped")
    }

    /// Opens the sockets and serves until it is told to stop.
    private func serve(
        _ inherited: ListenDescriptors, store: ConfigurationStore, credentials: CredentialStore,
        watcher: CredentialsWatcher, level: LogLevelSwitch, upstream: UpstreamClient,
        group: MultiThreadedEventLoopGroup, logger: Logger,
    ) async throws {
        let metrics = RequestMetrics()
        let requestLog = RequestLog(logger: Logger(.requests))
        let keeper = KnowledgeKeeper(environment: self.environment, logger: logger)
        let usage = UsageKeeper(environment: self.environment, metrics: metrics, logger: logger)
        let memory = UpstreamMemory(knowledge: keeper.store)
        let plans = UpstreamPlans(memory: memory)
        let demo = DemoServer(group: group, logger: Logger(.upstream))
        let authorizer = Authorizer(credentials: credentials) { await demo.baseURL() }
        let inspector = UpstreamInspector(
            configuration: store, authorizer: authorizer, client: upstream, memory: memory, logger: Logger(.upstream))
        let notifier = ServiceNotifier(logger: logger)
        let reloader = Reloader(
            loader: self.loader, store: store, credentials: credentials, watcher: watcher, level: level,
            notifier: notifier, inspector: inspector, logger: logger)
        let server = HTTPServer(
            configuration: ServerConfiguration(self.configuration, logger: logger),
            responder: APIResponder(
                configuration: store,
                messages: MessagesEndpoint(
                    configuration: store,
                    authorizer: authorizer,
                    upstream: upstream,
                    plans: plans,
                    metrics: metrics,
                    log: requestLog,
                ),
                readiness: Readiness(configuration: store, credentials: credentials),
                mend: { reloader.mend() },
            ),
            group: group,
            logger: Logger(.server),
        )
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let stop = StopRequest()
        let terminations = await TerminationSignals(stop: stop)
        let movedControl = try self.bindMovedControlSocket(inherited)
        try await self.listen(server, inherited)
        let control = try self.openControlSocket(inherited, moved: movedControl)

        self.settle(store, server, control, isOwn: self.ownsHTTP(inherited))
        for warning in store.pending.compactMap(\.warning) { logger.warning("\(warning)") }
        let handOver = ControlHandOver(of: control)
        let predecessors = Predecessors(self.takeover?.predecessors ?? [])
        let succession = Succession(
            environment: self.environment, configuration: store, server: server,
            httpAddress: self.ownsHTTP(inherited) ? self.httpAddress : nil, control: handOver, notifier: notifier,
            stop: stop, metrics: metrics, predecessors: predecessors, group: group, logger: logger)
        let upstreamOperations = UpstreamOperations(
            configuration: store, credentials: credentials, memory: memory, metrics: metrics,
            probe: UpstreamProbe(authorizer: authorizer, client: upstream),
            examiner: UpstreamExaminer(authorizer: authorizer, client: upstream), inspector: inspector)
        let operations = DaemonOperations(
            configuration: store, credentials: credentials, upstreams: upstreamOperations, metrics: metrics,
            usage: usage, reloader: reloader,
            level: level, server: server, isInherited: !self.ownsHTTP(inherited),
            controlListener: ListenerStatus(role: .control, address: control.address, inherited: control.isInherited),
            stop: stop, succession: succession, predecessors: predecessors,
            login: LoginOperations(credentials: credentials, configuration: store, client: upstream))
        let controlService = ControlService(
            socket: control, control: operations, group: group, handOver: handOver, logger: Logger(.control))

        let address = server.localAddresses.first?.description ?? "nowhere"
        // Under systemd it would go into the journal; a successor's predecessor has printed it.
        if self.environment["NOTIFY_SOCKET"] == nil, self.takeover == nil {
            StandardStream.output.write(
                Banner(address: address, mode: credentials.mode, configuration: self.configuration).text)
        }
        let watchdog = Watchdog(
            checks: [.eventLoops(of: group), .curlThread(of: upstream)], notifier: notifier, logger: logger)
        // The group's debug lines print whole services with all they hold: the environment, and with it the keys.
        var groupLogger = logger
        groupLogger.logLevel = .notice
        let renewals = RenewalService(
            store: credentials, configuration: store, client: upstream, logger: Logger(.credentials))
        // Stopped in reverse order: STOPPING=1 first, then the requests drain, and the control socket answers to the end.
        let services = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: BackgroundService { try await controlService.run() }),
                    .init(service: BackgroundService { await watchdog?.run() }),
                    .init(service: BackgroundService(terminations.forward)),
                    // To the end of the last request, which may wait for a token.
                    .init(service: BackgroundService(renewals.run)),
                    .init(service: BackgroundService(ProcessMemory(metrics: metrics).run)),
                    .init(service: BackgroundService { try await predecessors.closeEnded() }),
                    .init(service: BackgroundService(keeper.run)),
                    .init(service: BackgroundService(usage.run)),
                    .init(service: BackgroundService(requestLog.run)),
                    .init(service: BackgroundService(inspector.run)),
                    .init(
                        service: DrainingServer(
                            server: server, operations: operations, succession: succession, handOver: handOver,
                            store: store, terminations: terminations, notifier: notifier, logger: logger)),
                    .init(service: HangupReload(hangups: hangups, reloader: reloader)),
                    .init(service: stop, successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(
                        service: ReadinessAnnouncement(notifier: notifier, status: "Listening on \(address)")),
                ],
                logger: groupLogger))
        let end = await Result { try await services.run() }
        // After the last request: it may have taught something, and has cost something.
        keeper.save()
        await usage.save()
        await demo.stop()
        try end.get()
    }
}

// MARK: - Starting

extension Daemon {
    private func inheritedSockets() throws(StartError) -> ListenDescriptors {
        do throws(ListenDescriptorsError) {
            return try ListenDescriptors.inherit()
        } catch {
            throw .inheritedSockets(reason: "\(error)")
        }
    }

    private func startWatcher(_ credentials: CredentialStore) throws(StartError) -> CredentialsWatcher {
        let watcher = CredentialsWatcher(
            directory: self.configuration.oauth.directory, fileName: Configuration.OAuth.fileName
        ) { credentials.reload() }
        do {
            try watcher.start()
        } catch {
            throw .cannotStart(what: "watching the credentials", reason: "\(error)")
        }
        return watcher
    }

    private func startUpstreamClient() throws(StartError) -> UpstreamClient {
        do throws(CurlError) {
            return try UpstreamClient(
                settings: .init(
                    maximumIdleConnections: DescriptorBudget.ofThisProcess().idleUpstreamConnections,
                    proxies: ProxyEnvironment(self.environment) {
                        (try? RegularFile.read("/etc/hosts", limit: 1 << 20)).map {
                            String(decoding: $0.bytes, as: UTF8.self)
                        } ?? ""
                    },
                    certificateAuthorities: self.configuration.upstream.caFile))
        } catch {
            throw .cannotStart(what: "libcurl", reason: "\(error)")
        }
    }

    private var httpAddress: String { "\(self.configuration.server.host):\(self.configuration.server.port)" }

    /// The daemon's own, whether opened here or by the process that this one replaces.
    private func ownsHTTP(_ inherited: ListenDescriptors) -> Bool {
        inherited.http.isEmpty || self.takeover?.httpAddress != nil
    }

    private func listen(_ server: HTTPServer, _ inherited: ListenDescriptors) async throws(StartError) {
        do {
            // A restart is how a new address comes into force.
            if let before = self.takeover?.httpAddress, before != self.httpAddress {
                for socket in inherited.http { close(socket) }
            } else if !inherited.http.isEmpty {
                // Two that accept from one queue would wake up for each other's connections.
                try self.takeover?.complete()
                for socket in inherited.http { try await server.adopt(socket: socket) }
                return
            }
            try await server.bind(host: self.configuration.server.host, port: self.configuration.server.port)
            try self.takeover?.complete()
        } catch let error as PublicListener {
            throw .openToOthers(address: error.address.description)
        } catch let error as StartError {
            throw error
        } catch {
            let isOurs = self.ownsHTTP(inherited)
            // NIO's own text names its function.
            let reason = (error as? IOError).map { SystemError.text($0.errnoCode) } ?? "\(error)"
            throw .cannotListen(address: isOurs ? self.httpAddress : "the inherited socket", reason: reason)
        }
    }

    /// Where systemd opened the sockets, it decides where the daemon listens, not the settings.
    private func settle(
        _ store: ConfigurationStore, _ server: HTTPServer, _ control: borrowing ControlSocket, isOwn: Bool,
    ) {
        var http: (host: String, port: Int)?
        if !isOwn {
            http = server.localAddresses.lazy.compactMap { address in address.port.map { (address.host, $0) } }.first
        }
        store.adopted(
            http: http, control: control.isInherited ? control.address : nil,
            publicAddress: server.publicAddress?.description)
    }

    /// A restart is how a new path comes into force. Nil when there is none, or the socket is not ours to move.
    private func bindMovedControlSocket(_ inherited: ListenDescriptors) throws(StartError) -> ControlSocket? {
        guard let descriptor = inherited.control, self.takeover?.ownsControl == true,
            ControlSocket.path(of: descriptor) != self.configuration.control.socket
        else { return nil }
        do throws(ControlSocketError) {
            // Before the predecessor gives up: a path that cannot be used must leave it in place.
            return try ControlSocket.bind(path: self.configuration.control.socket)
        } catch {
            throw .cannotControl(reason: "\(error)")
        }
    }

    private func openControlSocket(
        _ inherited: ListenDescriptors, moved: consuming ControlSocket?,
    ) throws(StartError) -> ControlSocket {
        do throws(ControlSocketError) {
            if let descriptor = inherited.control {
                let socket = try ControlSocket.adopt(
                    descriptor: descriptor, ownsFile: self.takeover?.ownsControl ?? false)
                switch consume moved {
                // The old one goes, and its file with it.
                case .some(let moved): return moved
                case .none: return socket
                }
            }
            return try ControlSocket.bind(path: self.configuration.control.socket)
        } catch {
            throw .cannotControl(reason: "\(error)")
        }
    }
}

extension Result where Failure == any Error, Success == Void {
    /// What `body` brought, to be looked at after the clean-up.
    fileprivate init(_ body: () async throws -> Void) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

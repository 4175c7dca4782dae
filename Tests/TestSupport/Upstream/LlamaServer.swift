// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The real server of llama.cpp with a model of our own, whose answers a control token in the prompt chooses:
/// `Tests/Python/tiny_model.py` lists them. Owned by one test; dies with its last reference.
public final class LlamaServer: Sendable {
    /// How a model writes its calls. One that writes them as XML thinks first, unless that is turned off.
    public enum Template: String, Sendable, CaseIterable {
        case hermes
        case xml
    }

    public let port: Int
    private let notifications: NotifySocket
    private let process: ChildProcess
    private let home: TemporaryDirectory

    public var baseURL: String { "http://127.0.0.1:\(self.port)/v1" }
    public var log: String { self.process.errorOutput }

    /// Starts the server and returns when its model is loaded.
    ///
    /// - Parameters:
    ///   - context: the tokens of one slot.
    ///   - slots: how many requests are answered at a time; others wait.
    ///   - gate: a pipe that keeps the server loading. The server is then returned at once, and may not listen yet.
    ///   - isRouter: the model is chosen by name, `tiny-hermes` or `tiny-xml`, and loaded on demand.
    public static func start(
        python: String, template: Template = .hermes, context: Int = 16_384, slots: Int = 1,
        heldBy gate: HeldPipe? = nil,
        isRouter: Bool = false
    ) async throws -> LlamaServer {
        let home = try TemporaryDirectory("llama")
        let notifications = try await NotifySocket.bind(path: home.path("n.sock"))
        var environment = DaemonProcess.cleanEnvironment(home: home)
        environment["NOTIFY_SOCKET"] = notifications.path
        var arguments = [
            ExternalPrograms.script("tiny_server.py"), "--template", template.rawValue, "--context", "\(context)",
            "--slots", "\(slots)",
        ]
        if let gate { arguments += ["--hold", gate.path] }
        if isRouter { arguments += ["--router"] }
        let process = try ChildProcess(python, arguments, environment: environment)
        let isHeld = gate != nil
        // Whichever comes first: a server that cannot start must not make its test wait.
        let port = try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                if !isHeld { _ = try await notifications.value(of: "READY", within: .seconds(60)) }
                return try await notifications.value(of: "PORT", within: .seconds(60))
            }
            group.addTask {
                let outcome = try await process.outcome(within: .seconds(70))
                throw HTTPReplyError(description: "llama.cpp's server ended: \(outcome.errorOutput)")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
        guard let port = Int(port) else { throw HTTPReplyError(description: "no port in \(port)") }
        return LlamaServer(port: port, notifications: notifications, process: process, home: home)
    }

    private init(port: Int, notifications: NotifySocket, process: ChildProcess, home: TemporaryDirectory) {
        self.port = port
        self.notifications = notifications
        self.process = process
        self.home = home
    }

    /// Ends the server as a crash would, and returns when it is gone.
    public func kill() async throws {
        self.process.send(SIGKILL)
        try await self.process.outcome()
    }

    /// Asks the server itself.
    public func get(_ target: String) async throws -> JSONValue {
        try await HTTPClient.connect(port: self.port).exchange("GET", target).json
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A daemon of its own for one test: on a free port, with a home, a runtime directory and an environment that hold
/// nothing but what the test put there.
public final class DaemonProcess: Sendable {
    public let port: Int
    public let home: TemporaryDirectory
    public let notifications: NotifySocket
    public let environment: [String: String]
    private let process: ChildProcess

    public var identifier: Int32 { self.process.identifier }
    public var log: String { self.process.errorOutput }
    public var output: String { self.process.output }
    public var controlSocket: String { self.home.path("run/control.sock") }
    public var baseURL: String { "http://127.0.0.1:\(self.port)" }

    /// Starts the daemon in front of `upstream` and returns when it says READY=1.
    /// - Parameter descriptorLimit: RLIMIT_NOFILE, soft and hard.
    public static func start(
        upstream: ScriptedUpstream? = nil, environment: [String: String] = [:], arguments: [String] = [],
        home: TemporaryDirectory? = nil, descriptorLimit: Int? = nil
    ) async throws -> DaemonProcess {
        let home = try home ?? TemporaryDirectory("d")
        let runtime = try home.makeDirectory("run")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: runtime)
        let notifications = try await NotifySocket.bind(path: home.path("n.sock"))
        var all = Self.cleanEnvironment(home: home)
        all["NOTIFY_SOCKET"] = notifications.path
        all["QWEN_CONTROL_SOCKET"] = home.path("run/control.sock")
        all["QWEN_PORT"] = "0"
        // A test counts what reaches its upstream; whoever wants the questions about models says so.
        all["QWEN_DISCOVER_LIMITS"] = "false"
        if let upstream {
            all["QWEN_BASE_URL"] = upstream.baseURL
            all["QWEN_API_KEY"] = "sk-scripted-secret"
            all["QWEN_RETRY_DELAY"] = "50ms"
        }
        all.merge(environment) { _, ours in ours }
        let limited = descriptorLimit.map { ["-c", "ulimit -n \($0); exec \"$0\" \"$@\"", BuiltProducts.daemon] }
        let process = try ChildProcess(
            limited == nil ? BuiltProducts.daemon : "/bin/sh", (limited ?? []) + arguments, environment: all)
        do {
            let port = try await Self.port(notifications, process)
            return DaemonProcess(
                port: port, home: home, notifications: notifications, environment: all, process: process)
        } catch {
            throw DaemonDidNotStart(reason: "\(error)", log: process.errorOutput)
        }
    }

    private init(
        port: Int, home: TemporaryDirectory, notifications: NotifySocket, environment: [String: String],
        process: ChildProcess
    ) {
        self.port = port
        self.home = home
        self.notifications = notifications
        self.environment = environment
        self.process = process
    }

    /// Nothing of the developer's own settings reaches a program under test.
    public static func cleanEnvironment(home: TemporaryDirectory) -> [String: String] {
        [
            "HOME": home.path, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": home.path("run"), "XDG_CONFIG_HOME": home.path("config"),
        ]
    }

    private static func port(_ notifications: NotifySocket, _ process: ChildProcess) async throws -> Int {
        let assignments = notifications.assignments
        // Whichever comes first: a daemon that cannot start must not make its test wait.
        let status = try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                _ = try await notifications.value(of: "READY")
                return try await assignments.wait(for: "STATUS= with the address") { entries in
                    entries.first { $0.hasPrefix("STATUS=Listening on ") }
                }
            }
            group.addTask {
                let outcome = try await process.outcome(within: .seconds(40))
                throw HTTPReplyError(description: "the daemon ended with status \(outcome.status)")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
        guard let port = status.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw HTTPReplyError(description: "no port in \(status)")
        }
        return port
    }

    public func connect(reading: Bool = true) async throws -> HTTPClient {
        try await HTTPClient.connect(port: self.port, reading: reading)
    }

    /// Runs `qwenproxyctl` for this daemon.
    public func control(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await ChildProcess.run(BuiltProducts.control, arguments, environment: self.environment)
    }

    public func send(_ signal: Int32) {
        self.process.send(signal)
    }

    /// Asks for an orderly end (SIGTERM) and waits for it.
    @discardableResult
    public func stop(within limit: Duration = .seconds(30)) async throws -> ChildProcess.Outcome {
        self.process.send(SIGTERM)
        return try await self.process.outcome(within: limit)
    }

    public func outcome(within limit: Duration = .seconds(30)) async throws -> ChildProcess.Outcome {
        try await self.process.outcome(within: limit)
    }

    /// A field of /proc/PID/status in kilobytes, such as VmHWM.
    public func memory(_ field: String) -> Int? { Self.memory(field, of: String(self.identifier)) }

    /// The same of the process with this number.
    public static func memory(_ field: String, of process: String) -> Int? {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
    }

    /// Processor time so far, in hundredths of a second (proc(5), utime and stime).
    public var processorTicks: Int? {
        let text = (try? String(contentsOfFile: "/proc/\(self.identifier)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ").dropFirst(13).prefix(2).compactMap { Int($0) }
        return fields.count == 2 ? fields[0] + fields[1] : nil
    }
}

extension TemporaryDirectory {
    /// Writes the configuration that a daemon with this home reads.
    public func configure(_ text: String) throws {
        try self.makeDirectory("config/qwenproxyd")
        try self.write(text, to: "config/qwenproxyd/config.toml")
    }
}

/// What the daemon said when it did not come up.
public struct DaemonDidNotStart: Error, CustomStringConvertible {
    public var reason: String
    public var log: String
    public var description: String { "\(self.reason)\n\(self.log)" }
}

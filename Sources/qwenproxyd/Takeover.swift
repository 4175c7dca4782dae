// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// What a daemon that is to be replaced told this one, its successor, beside the sockets themselves.
///
/// The sockets come the way systemd passes them. One more descriptor leads to the predecessor: it goes on accepting until
/// it hears `TakeoverMessage.ready` there.
struct Takeover: Sendable, Equatable {
    static let variable = "QWENPROXYD_TAKEOVER"

    private let descriptor: CInt
    /// The configured address of HTTP sockets that the daemon opened itself; nil when systemd did.
    let httpAddress: String?
    /// The daemon made the control socket's file, and so removes it at its end.
    let ownsControl: Bool
    /// What the predecessor, and those before it that have not ended, say about what they still serve: see `Predecessors`.
    let predecessors: [CInt]

    init(descriptor: CInt, httpAddress: String?, ownsControl: Bool, predecessors: [CInt] = []) {
        self.descriptor = descriptor
        self.httpAddress = httpAddress
        self.ownsControl = ownsControl
        self.predecessors = predecessors
    }

    /// Nil when no process is replaced. Called once, before any thread starts: it changes the environment.
    static func receive(_ environment: [String: String]) -> Takeover? {
        guard let takeover = environment[Self.variable].flatMap(Self.init(parsing:)) else { return nil }
        // A program that this one starts later must not take the link for its own.
        _ = unsafe unsetenv(Self.variable)
        // The predecessor could not know our process id, by which a process knows that the sockets are for itself.
        _ = unsafe setenv("LISTEN_PID", "\(getpid())", 1)
        for descriptor in [takeover.descriptor] + takeover.predecessors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return takeover
    }

    init?(parsing text: String) {
        var descriptor: CInt?
        var httpAddress: String?
        var ownsControl = false
        var predecessors: [CInt] = []
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts[0], parts.count) {
            case ("link", 2): descriptor = CInt(parts[1])
            case ("http", 2): httpAddress = parts[1]
            case ("control", 1): ownsControl = true
            case ("predecessor", 2):
                guard let descriptor = CInt(parts[1]), descriptor > STDERR_FILENO else { return nil }
                predecessors.append(descriptor)
            default: return nil
            }
        }
        guard let descriptor, descriptor > STDERR_FILENO else { return nil }
        self.init(
            descriptor: descriptor, httpAddress: httpAddress, ownsControl: ownsControl, predecessors: predecessors)
    }

    private var text: String {
        let words = [
            "link=\(self.descriptor)", self.httpAddress.map { "http=\($0)" }, self.ownsControl ? "control" : nil,
        ]
        return (words.compactMap(\.self) + self.predecessors.map { "predecessor=\($0)" }).joined(separator: " ")
    }

    /// The successor's environment: ours, with what the service manager said to this process alone said anew.
    ///
    /// - Parameter names: of the sockets, which are descriptors 3, 4, ... in this order.
    func environment(from ours: [String: String], names: [String]) -> [String: String] {
        var environment = ours
        // Without WATCHDOG_PID the watchdog is for any process that asks.
        for name in ["LISTEN_PID", "LISTEN_PIDFDID", "WATCHDOG_PID"] { environment[name] = nil }
        environment["LISTEN_FDS"] = "\(names.count)"
        environment["LISTEN_FDNAMES"] = names.joined(separator: ":")
        environment[Self.variable] = self.text
        return environment
    }

    /// Longer than any predecessor that is not stuck needs to stop accepting.
    private static let patience = 60

    /// Says that requests can be served here, and returns when the predecessor accepts no more and has named us to the
    /// service manager. Blocks for that moment.
    ///
    /// Throws when the predecessor goes on instead.
    func complete() throws(StartError) {
        defer { close(self.descriptor) }
        self.send(.ready(version: Version.current))
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        _ = unsafe setsockopt(
            self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var answer: UInt8 = 0
        // Its answer, its end, and its silence all mean that we are the one, unless the answer says otherwise.
        let count = unsafe read(self.descriptor, &answer, 1)
        if count == 1, TakeoverAnswer(rawValue: answer) == .abandon { throw .abandoned }
    }

    /// Says why this process ends now.
    func fail(_ reason: String) {
        self.send(.failed(reason: reason))
        close(self.descriptor)
    }

    private func send(_ message: TakeoverMessage) {
        let bytes = Array(message.text.utf8)
        // A message is far smaller than a socket's buffer, so it goes out whole; a predecessor that is gone needs none.
        _ = unsafe Glibc.send(self.descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }
}

// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Shared

/// The units under which systemd runs the daemon, and the service manager that has them.
enum DaemonUnits: Equatable {
    /// One's own, in the user's service manager.
    case own
    /// Those of the system, for a user by this name.
    case system(user: String)

    /// Those of the daemon that this user's commands reach. The system's control socket is there while its units are active.
    static var current: DaemonUnits {
        guard let user = ProcessEnvironment.user else { return .own }
        let paths = SocketPath.candidates(environment: ProcessEnvironment.current, user: user)
        let reached = paths.first { unsafe access($0, F_OK) == 0 }
        return reached == SocketPath.ofSystemService(for: user) ? .system(user: user) : .own
    }

    var service: String { "qwenproxyd\(self.instance).service" }

    var sockets: [String] { ["qwenproxyd\(self.instance).socket", "qwenproxyd-control\(self.instance).socket"] }

    /// What tells systemd's programs which manager is meant.
    var managerOption: [String] { self == .own ? ["--user"] : [] }

    /// What makes the daemon run now and after the next start of session or machine.
    var enable: String {
        switch self {
        case .own: "systemctl --user enable --now qwenproxyd"
        case .system: "sudo systemctl enable --now qwenproxyd\(self.instance)"
        }
    }

    private var instance: String {
        switch self {
        case .own: ""
        case .system(let user): "@\(user)"
        }
    }
}

/// The daemons that the system runs for users (qwenproxyd@USER.service).
enum SystemInstances {
    /// Those whose control socket is there.
    static func users() -> [String] {
        let directory = SocketPath.ofSystemServices
        // The directory is made by the first socket unit of this kind; where there is none, no such daemon runs.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { unsafe access(SocketPath.ofSystemService(for: $0), F_OK) == 0 }.sorted()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// Another port for one's own daemon. Under systemd the socket unit has the address and the setting counts for nothing, so both
/// are changed: they cannot contradict each other then. A pure value.
struct PortChange: Equatable {
    let port: Int

    static let settingsFile = "port.toml"

    /// For `config.d`.
    var settings: String { "# Written by qwenproxyctl config port.\n[server]\nport = \(self.port)\n" }

    /// For the socket unit. The empty line takes back what the unit itself says.
    var unit: String {
        "# Written by qwenproxyctl config port.\n[Socket]\nListenStream=\nListenStream=127.0.0.1:\(self.port)\n"
    }

    /// - Parameter configurationHome: XDG_CONFIG_HOME or what stands for it.
    static func unitFile(configurationHome: String) -> String {
        "\(configurationHome)/systemd/user/\(DaemonUnits.own.sockets[0]).d/port.conf"
    }

    /// What systemctl is told, in this order. A socket cannot move while its service has it; running answers finish first.
    static let commands: [[String]] = [
        ["--user", "daemon-reload"], ["--user", "stop", DaemonUnits.own.service],
        ["--user", "restart", DaemonUnits.own.sockets[0]], ["--user", "start", DaemonUnits.own.service],
    ]
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

extension ConfigCommand {
    /// `qwenproxyctl config port`
    struct Port: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows or changes the port that Claude Code connects to.",
            discussion: """
                Under systemd the socket unit has the address, so a file is written beside it and the socket is opened anew; \
                running answers finish first. The setting server.port is changed as well, for a daemon in the foreground.
                """)

        @OptionGroup var daemon: DaemonOptions

        @Argument(help: "The new port.")
        var port: Int?

        func validate() throws {
            guard self.port.map((1...65535).contains) ?? true else {
                throw ValidationError("A port is a number from 1 to 65535.")
            }
        }

        func run() throws {
            guard let port = self.port else { return try self.show() }
            let change = PortChange(port: port)
            let editor = try UpstreamEditor(self.daemon.client())
            // First the setting, which is checked and taken back when it is wrong; then the unit.
            try editor.apply([(PortChange.settingsFile, change.settings)])
            Terminal.print("Wrote \(editor.directory.file(PortChange.settingsFile)).")
            switch ServiceState.current() {
            case .present:
                try Self.moveSocket(change)
                Terminal.print("Claude Code has to know it, too: qwenproxyctl setup, or eval \"$(qwenproxyctl env)\".")
            case .absent:
                Terminal.print("A daemon in the foreground takes it when it is started anew.")
            }
        }

        private func show() throws {
            let status = try self.daemon.call { client throws(ControlError) in try client.status() }
            for listener in status.listeners where listener.role == .http {
                Terminal.print(listener.address + (listener.inherited ? " (from systemd's socket unit)" : ""))
            }
        }

        private static func moveSocket(_ change: PortChange) throws {
            guard let systemctl = ExternalProgram(named: "systemctl") else { return }
            let home = ProcessEnvironment.value("XDG_CONFIG_HOME") ?? "\(ProcessEnvironment.home)/.config"
            let file = PortChange.unitFile(configurationHome: home)
            do throws(UserFile.Failure) {
                try UserFile(path: file).replace(with: Array(change.unit.utf8))
            } catch {
                throw ExitStatus.refused.exit(saying: error.message)
            }
            Terminal.print("Wrote \(file).")
            for command in PortChange.commands {
                do throws(ExternalProgram.Failure) {
                    let output = try systemctl.run(command)
                    guard output.status == 0 else { throw ExternalProgram.Failure(reason: output.errors) }
                } catch {
                    throw ExitStatus.refused.exit(
                        saying: "systemctl \(command.joined(separator: " ")) failed: \(error.reason)")
                }
            }
            Terminal.print("qwenproxyd listens on 127.0.0.1:\(change.port).")
        }
    }
}

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

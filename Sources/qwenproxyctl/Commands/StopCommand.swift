// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl stop`
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stops the daemon; requests in flight may finish first.",
        discussion: """
            Where systemd holds the sockets, the next client starts the daemon again. To prevent that, stop the sockets, too:
            systemctl --user stop "qwenproxyd*"
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    func run() throws {
        try self.daemon.call { client throws(ControlError) in try client.stop() }
        Terminal.print("qwenproxyd is stopping. Requests in flight may finish first.")
        guard case .present(_, isListening: true) = ServiceState.current() else { return }
        // Short enough for one line of a narrow terminal, from which it is copied.
        Terminal.print(
            "systemd keeps its sockets open, and the next client starts it again. To prevent that:\n"
                + "  systemctl --user stop \"qwenproxyd*\"")
    }
}

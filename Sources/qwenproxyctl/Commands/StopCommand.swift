// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

/// `qwenproxyctl stop`
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stops the daemon; requests in flight may finish first.",
        discussion: """
            Where systemd holds the sockets, the next client starts the daemon again. To prevent that, stop the sockets:
            systemctl --user stop qwenproxyd.socket qwenproxyd-control.socket qwenproxyd.service
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    func run() throws {
        try self.daemon.call { client throws(ControlError) in try client.stop() }
        Terminal.print("qwenproxyd is stopping. Requests in flight may finish first.")
    }
}

// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Logging

/// Tells systemd how the service is doing. Without systemd, that is without NOTIFY_SOCKET, every call does nothing.
struct ServiceNotifier: Sendable {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    func notify(_ message: ServiceMessage) {
        let status = unsafe sd_notify(0, message.text)
        guard status < 0 else { return }
        // Nothing else can be done about it: systemd will notice by its own time limits.
        self.logger.warning(
            "systemd could not be notified",
            metadata: ["message": "\(message)", "error.code": "\(-status)"],
        )
    }
}

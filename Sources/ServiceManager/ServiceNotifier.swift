// SPDX-License-Identifier: Apache-2.0

import CSystemd
package import Logging
import Synchronization

/// Tells systemd how the service is doing. Without systemd, that is without NOTIFY_SOCKET, every call does nothing.
package final class ServiceNotifier: Sendable {
    private let logger: Logger
    private let isMuted = Atomic(false)

    package init(logger: Logger) {
        self.logger = logger
    }

    /// Another process speaks for the service from now on.
    package func mute() { self.isMuted.store(true, ordering: .relaxed) }

    /// Tells the service manager. A failure is logged: nothing depends on it.
    package func notify(_ message: ServiceMessage) {
        guard !self.isMuted.load(ordering: .relaxed) else { return }
        // 0 leaves NOTIFY_SOCKET set: messages follow this one.
        let status = unsafe sd_notify(0, message.text)
        guard status < 0 else { return }
        // Nothing else can be done about it: systemd will notice by its own time limits.
        self.logger.warning(
            "systemd could not be notified",
            metadata: ["message": "\(message)", "error.code": "\(-status)"],
        )
    }
}

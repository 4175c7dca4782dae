// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import ServiceManager

/// Tells the service manager: the last thing up and the first thing down.
struct ReadinessAnnouncement: Service {
    let notifier: ServiceNotifier
    let status: String

    func run() async throws {
        self.notifier.notify(.ready(status: self.status))
        try? await gracefulShutdown()
        self.notifier.notify(.stopping(status: "Draining"))
    }
}

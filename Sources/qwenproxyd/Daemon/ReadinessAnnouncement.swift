// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Tells the service manager: the last thing up and the first thing down.
struct ReadinessAnnouncement: Service {
    let notifier: ServiceNotifier
    let status: String
    let takeover: Takeover?

    func run() async throws {
        // The service manager listens to the predecessor until that has named us.
        self.takeover?.complete()
        self.notifier.notify(.ready(status: self.status))
        try? await gracefulShutdown()
        self.notifier.notify(.stopping(status: "Draining"))
    }
}

// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import UnixSignals

/// SIGHUP reads the configuration and the credentials again.
struct HangupReload: Service {
    let reloader: Reloader

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // A mistake was logged, and the old configuration stays in force.
            _ = try? self.reloader.reload()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// What the service manager knows of the daemon.
enum ServiceState: Equatable {
    /// There is no service manager that this user could ask, or it does not know the daemon.
    case absent
    case present(isEnabled: Bool, isListening: Bool)

    init(_ units: [UnitCheck.Unit]?, named names: DaemonUnits) {
        let known = (units ?? []).filter { $0.load == "loaded" }
        guard known.contains(where: { $0.name == names.service }) else {
            self = .absent
            return
        }
        let sockets = known.filter { names.sockets.contains($0.name) }
        self = .present(
            isEnabled: known.contains { $0.file.hasPrefix("enabled") },
            // Both sockets: over the one clients ask, over the other this program does.
            isListening: sockets.count == names.sockets.count && sockets.allSatisfy { $0.active == "active" })
    }

    /// Of one's own daemon: the system's is its administrator's.
    static func current() -> ServiceState {
        guard let systemctl = ExternalProgram(named: "systemctl") else { return .absent }
        return ServiceState(UnitCheck.show(.own, systemctl), named: .own)
    }

    /// What makes it run, where that is missing.
    /// - Parameter isRunning: a daemon answers. One that was started by hand stays.
    func enable(isRunning: Bool) -> String? {
        switch self {
        case .absent: nil
        case .present(isEnabled: true, isListening: true): nil
        case .present(_, isListening: false) where isRunning: nil
        case .present: DaemonUnits.own.enable
        }
    }
}

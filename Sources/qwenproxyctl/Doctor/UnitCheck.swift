// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whether systemd knows the daemon and will have it running.
enum UnitCheck {
    /// What `systemctl show` says of one unit.
    struct Unit: Equatable {
        var name = ""
        var load = ""
        var file = ""
        var active = ""
        var result = ""
    }

    static func findings(_ names: DaemonUnits = .current) -> [Finding] {
        guard let systemctl = ExternalProgram(named: "systemctl") else {
            return [Finding("systemd", .note, "There is no systemctl; the daemon has to be started by hand.")]
        }
        guard let units = Self.show(names, systemctl) else {
            guard names == .own else {
                return [Finding("systemd", .note, "The system's service manager does not answer this user.")]
            }
            return [
                Finding(
                    "systemd", .note, "There is no user manager in this session, so units cannot be looked at.",
                    fix: "Log in directly or by ssh (not by su or sudo), or use \"machinectl shell\".")
            ]
        }
        let findings = Self.findings(of: units, named: names)
        return names == .own ? findings + Self.lingering() : findings
    }

    /// Nil when the service manager does not answer.
    static func show(_ names: DaemonUnits, _ systemctl: ExternalProgram) -> [Unit]? {
        // "show" is meant for programs; what "status" prints is formatted for people (systemctl(1)).
        let show = names.managerOption + ["show", "--property=Id,LoadState,UnitFileState,ActiveState,Result"]
        let output = try? systemctl.run(show + [names.service] + names.sockets)
        guard let output, output.status == 0 else { return nil }
        return Self.units(output.text)
    }

    static func units(_ text: String) -> [Unit] {
        var units: [Unit] = []
        var isBetween = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // systemctl puts an empty line between one unit's properties and the next one's.
            guard let equals = line.firstIndex(of: "=") else {
                isBetween = true
                continue
            }
            if isBetween { units.append(Unit()) }
            isBetween = false
            let value = String(line[line.index(after: equals)...])
            switch line[..<equals] {
            case "Id": units[units.count - 1].name = value
            case "LoadState": units[units.count - 1].load = value
            case "UnitFileState": units[units.count - 1].file = value
            case "ActiveState": units[units.count - 1].active = value
            case "Result": units[units.count - 1].result = value
            default: break
            }
        }
        return units
    }

    static func findings(of units: [Unit], named names: DaemonUnits = .own) -> [Finding] {
        let found = units.filter { $0.load != "not-found" }
        guard let service = found.first(where: { $0.name == names.service }) else {
            return [
                Finding(
                    "units", .note, "The units are not installed; the daemon has to be started by hand.",
                    fix: "Install the package, or run \"make install\".")
            ]
        }
        let options = names.managerOption.map { "\($0) " }.joined()
        var findings: [Finding] = []
        if service.load != "loaded" {
            findings.append(
                Finding(
                    "units", .failure, "systemd cannot load \(names.service): \(service.load).",
                    fix: "systemd-analyze \(options)verify \(names.service)"))
        }
        if service.active == "failed" {
            findings.append(
                Finding(
                    "units", .failure, "\(names.service) has failed (\(service.result)).",
                    fix: "qwenproxyctl logs -n 20\nsystemctl \(options)reset-failed \(names.service)"))
        }
        let idle = found.filter { names.sockets.contains($0.name) && $0.active != "active" }
        // "enabled-runtime" counts as well. One enabled unit is enough: the socket starts the service.
        let isEnabled = found.contains { $0.file.hasPrefix("enabled") }
        if !isEnabled {
            findings.append(
                Finding(
                    "units", .warning,
                    "The units are not enabled, so the next \(names == .own ? "login" : "start") does not start them.",
                    fix: names.enable))
        } else if !idle.isEmpty, service.active != "active" {
            let list = idle.map(\.name).joined(separator: ", ")
            findings.append(Finding("units", .failure, "Nothing listens: \(list) is not active.", fix: names.enable))
        }
        guard findings.isEmpty else { return findings }
        return [Finding("units", .good, "\(names.service) is installed, enabled, \(service.active)")]
    }

    private static func lingering() -> [Finding] {
        guard let entry = unsafe getpwuid(getuid()) else { return [] }
        let name = unsafe String(cString: entry.pointee.pw_name)
        // logind keeps an empty file there for each user whose manager runs without a login.
        if unsafe access("/var/lib/systemd/linger/\(name)", F_OK) == 0 {
            return [Finding("lingering", .good, "the daemon outlives your logins")]
        }
        return [
            Finding(
                "lingering", .note, "The daemon ends with your last login, which is fine for working at this machine.",
                fix: "To keep it: loginctl enable-linger")
        ]
    }
}

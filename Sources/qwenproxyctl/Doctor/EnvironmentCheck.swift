// SPDX-License-Identifier: Apache-2.0

import Shared

/// What Claude Code would read that leads it elsewhere. A pure value.
struct EnvironmentCheck {
    /// Looks up a variable of this shell.
    let shell: (String) -> String?
    /// Claude Code's settings files, which win over the shell; the strongest first.
    let layers: [ClientSettingsLayer]
    /// Nil without a daemon.
    let daemon: ClientSettings?
    /// A model judges what Claude Code wants to do in auto mode.
    var hasClassifier = false

    private func value(_ name: String) -> String? {
        (self.layer(of: name)?.env[name] ?? self.shell(name)).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func layer(of name: String) -> ClientSettingsLayer? { self.layers.first { $0.env[name] != nil } }

    var findings: [Finding] {
        let findings = self.baseURL + self.defeating + self.key + self.proxy + self.autoMode
        return findings.isEmpty ? [Finding("environment", .good, "Claude Code is led to the daemon")] : findings
    }

    private func remedy(_ name: String, _ remedy: String) -> String {
        self.layer(of: name).map { "Take \(name) out of \"env\" in \($0.path)." } ?? remedy
    }

    private var baseURL: [Finding] {
        let name = ClientEnvironment.address
        let evaluate = "eval \"$(qwenproxyctl env)\", or start it with \"qwenproxyctl claude\""
        guard let url = self.value(name) else {
            return [
                Finding(
                    "environment", .note, "\(name) is not set here: a plain \"claude\" goes to Anthropic.",
                    fix: evaluate)
            ]
        }
        // Without a daemon there is no address to compare with.
        guard let daemon = self.daemon, !Self.isSame(url, daemon.baseURL) else { return [] }
        return [
            Finding(
                "environment", .failure, "\(name) is \(url), and the daemon is at \(daemon.baseURL).",
                fix: self.remedy(name, evaluate))
        ]
    }

    private var defeating: [Finding] {
        ClientEnvironment.defeating.filter { self.value($0) != nil }.map { name in
            Finding(
                "environment", .failure, "\(name) is set and leads Claude Code elsewhere.",
                fix: self.remedy(name, "unset \(name)"))
        }
    }

    private var key: [Finding] {
        let token = self.value(ClientEnvironment.token)
        let key = self.value(ClientEnvironment.questionedKey)
        guard let presented = token ?? key else { return [] }
        let name = token == nil ? ClientEnvironment.questionedKey : ClientEnvironment.token
        if let daemon = self.daemon, daemon.apiKey != ClientSettings.placeholderKey, presented != daemon.apiKey {
            return [
                Finding(
                    "environment", .failure,
                    "\(name) is not the key that the daemon asks for (server.local_api_key).",
                    fix: self.remedy(name, "eval \"$(qwenproxyctl env)\""))
            ]
        }
        return key == nil ? [] : [self.trap(hasToken: token != nil)]
    }

    /// A key that looks right and works with `claude -p`, but not in front of a person.
    private func trap(hasToken: Bool) -> Finding {
        let name = ClientEnvironment.questionedKey
        guard !hasToken else {
            return Finding(
                "environment", .warning, "\(name) is set beside \(ClientEnvironment.token), which is enough.",
                fix: self.remedy(name, "unset \(name)"))
        }
        return Finding(
            "environment", .warning,
            "With \(name), Claude Code's first run wants to reach api.anthropic.com and ends when it cannot; later it asks "
                + "whether to use the key, and No is the default. \(ClientEnvironment.token) does neither.",
            fix: self.remedy(name, "unset \(name); eval \"$(qwenproxyctl env)\""))
    }

    private var proxy: [Finding] {
        let url = self.daemon?.baseURL ?? "http://127.0.0.1"
        guard let exceptions = ClientEnvironment.proxyExceptions(for: url, current: self.value) else { return [] }
        return [
            Finding(
                "environment", .failure, "A proxy is set, and Claude Code would ask it for the daemon.",
                fix: "export NO_PROXY=\(ShellSyntax.posix.quoted(exceptions))")
        ]
    }

    private var autoMode: [Finding] {
        let name = "CLAUDE_CODE_AUTO_MODE_SERVER"
        let isOff = self.value(name) == "0"
        guard !self.hasClassifier else {
            guard isOff else { return [] }
            return [
                Finding(
                    "environment", .warning,
                    "With \(name)=0, Claude Code does not ask the model that auto_mode.classifier names.",
                    fix: self.remedy(name, "unset \(name)"))
            ]
        }
        // With either variable Claude Code does not fall back on a judge of its own when the server gives it no
        // verdict.
        guard self.value("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC") != nil || self.value("DISABLE_TELEMETRY") != nil,
            !isOff
        else { return [] }
        return [
            Finding(
                "environment", .warning, "In auto mode, Claude Code would deny every risky command.",
                fix: "export \(name)=0")
        ]
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        func normal(_ url: String) -> String {
            let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
            // Both names lead to the same listener.
            return trimmed.replacing("//localhost:", with: "//127.0.0.1:")
        }
        return normal(left) == normal(right)
    }
}

extension EnvironmentCheck {
    /// As this process and the settings files have it.
    static func current(daemon: ClientSettings?, hasClassifier: Bool) -> EnvironmentCheck {
        EnvironmentCheck(
            shell: ProcessEnvironment.value, layers: ClientSettingsLayer.current(), daemon: daemon,
            hasClassifier: hasClassifier)
    }
}

extension ConfigurationReport {
    /// Nil when it does not say.
    var hasClassifier: Bool? {
        self.settings.first { $0.key == "auto_mode.classifier" }.map { $0.value != nil }
    }
}

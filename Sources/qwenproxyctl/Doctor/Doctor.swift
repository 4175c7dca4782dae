// SPDX-License-Identifier: Apache-2.0

import Shared

/// Looks at everything between Claude Code and the model, in the order in which one thing needs the other.
struct Doctor {
    let client: ControlClient
    /// A request costs a few tokens.
    let makesRequest: Bool

    func findings() -> [Finding] {
        let status = Result { () throws(ControlError) in try self.client.status() }
        let configuration = Self.configuration(isMistakenInForce: (try? status.get())?.configurationMistakes != nil)
        var findings = Self.programs() + UnitCheck.findings() + [configuration] + Self.daemon(status)
        // Without a daemon this fails as well; the finding about the daemon has said so.
        let settings = try? self.client.clientSettings()
        let hasClassifier = (try? self.client.configuration())?.hasClassifier
        findings += EnvironmentCheck.current(daemon: settings, hasClassifier: hasClassifier ?? false).findings
        // Everything below asks the daemon.
        guard let status = try? status.get(), let settings else {
            return findings + [Finding("request", .skipped, "The daemon has to run first.")]
        }
        if let mistaken = MistakenConfiguration(status) {
            return findings + Self.upstreams(mistaken, told: configuration)
        }
        if let finding = Self.autoMode(hasClassifier: hasClassifier) { findings.append(finding) }
        findings.append(Self.credentials(status.credentials))
        findings += Self.upstreams(status.upstreams) + status.upstreams.compactMap { WindowCheck.finding($0) }
        findings += status.upstreams.compactMap { AbilityCheck.finding($0, now: .now()) }
        // Last: where something above is wrong, that explains why this one fails.
        if self.makesRequest { findings.append(RequestCheck.finding(settings)) }
        return findings
    }

    private static func programs() -> [Finding] {
        guard let claude = ExternalProgram(named: "claude") else {
            return [
                Finding(
                    "claude", .warning, "Claude Code is not on the search path (PATH).",
                    fix: "npm install -g @anthropic-ai/claude-code")
            ]
        }
        return [Finding("claude", .good, claude.path)]
    }

    /// - Parameter isMistakenInForce: the daemon that runs has mistakes in what it read.
    private static func configuration(isMistakenInForce: Bool) -> Finding {
        do throws(ConfigurationCheck.Failure) {
            let check = try ConfigurationCheck.run(nil)
            // The mark in front of the finding says already that it is a warning.
            let remarks = check.remarks.map { $0.replacing("warning: ", with: "", maxReplacements: 1) }
                .joined(separator: "\n")
            guard check.isGood else {
                let effect = isMistakenInForce ? "" : "\nA daemon that runs goes on with what it read before."
                return Finding("configuration", .failure, remarks + effect, fix: "qwenproxyctl config edit")
            }
            guard remarks.isEmpty else {
                let isUnset = remarks.contains("No upstream is configured")
                return Finding(
                    "configuration", .warning, remarks,
                    fix: isUnset ? "qwenproxyctl setup" : "qwenproxyctl config edit")
            }
            return Finding("configuration", .good, "no mistakes")
        } catch {
            return Finding("configuration", .skipped, error.message)
        }
    }

    static func daemon(_ status: Result<DaemonStatus, ControlError>) -> [Finding] {
        switch status {
        case .failure(.connection(.notRunning)):
            let start = "\(DaemonUnits.current.enable), or run \"qwenproxyd\" in the foreground"
            return [Finding("daemon", .failure, "qwenproxyd is not running.", fix: start)] + Self.port()
        case .failure(let error):
            return [Finding("daemon", .failure, Failure(error).message, fix: "qwenproxyctl logs -n 20")]
        case .success(let status) where status.version != Version.current:
            return [
                Finding(
                    "daemon", .warning, "It is version \(status.version), and this program is \(Version.current).",
                    fix: "qwenproxyctl restart")
            ]
        case .success(let status):
            let address = status.listeners.first { $0.role == .http }?.address ?? "no address"
            return [Finding("daemon", .good, "version \(status.version), listens on \(address)")]
        }
    }

    /// Without a daemon, its place should be free.
    private static func port() -> [Finding] {
        // The configuration cannot be asked of a daemon that does not run, so this is the usual port.
        let port = ProcessEnvironment.value("QWEN_PORT").flatMap { Int($0) } ?? 3455
        // A connection that fails, whatever the reason, counts as a free port.
        guard let connection = try? TCPConnection(host: "127.0.0.1", port: port, limit: .seconds(2)) else { return [] }
        // Only whether it could be made counts; nothing is sent to a program that is not known.
        _ = consume connection
        return [
            Finding(
                "port", .failure, "Another program listens on 127.0.0.1:\(port).",
                fix: "ss -ltnp 'sport = :\(port)' shows which; \"qwenproxyctl config port NUMBER\" takes another one.")
        ]
    }

    /// Nil where a model judges, or where that cannot be known.
    static func autoMode(hasClassifier: Bool?) -> Finding? {
        guard hasClassifier == false else { return nil }
        return Finding(
            "auto mode", .note,
            "No model judges what Claude Code wants to do in auto mode: it asks with about 35,000 tokens each time, and a "
                + "coming version will deny or ask you in place of that.",
            fix: "auto_mode.classifier = \"UPSTREAM/MODEL\" (qwenproxyctl config edit)")
    }

    static func credentials(_ credentials: CredentialsStatus) -> Finding {
        let text = credentials.detail ?? credentials.state.rawValue
        switch credentials.state {
        case .valid:
            return Finding("credentials", .good, text)
        case .apiKey:
            return Finding("credentials", .good, "an API key")
        case .none:
            return Finding("credentials", .good, "the upstream needs none")
        case .demo:
            return Finding(
                "credentials", .note, "The built-in demo model answers: a script, not a language model.",
                fix: "qwenproxyctl setup")
        case .refreshing:
            return Finding("credentials", .note, text)
        case .missing, .expired, .refused, .invalid:
            return Finding("credentials", .failure, text)
        }
    }

    /// - Parameter configuration: what was found out about the files. A mistake of the daemon's own environment is not in there.
    static func upstreams(_ mistaken: MistakenConfiguration, told configuration: Finding) -> [Finding] {
        let untold = mistaken.mistakes.filter { !configuration.text.contains($0) }
        let lines =
            ["The daemon's configuration has \(mistaken.noun), so none is asked."] + untold
            + [mistaken.promise].compactMap(\.self)
        return [
            Finding("upstreams", .failure, lines.joined(separator: "\n"), fix: "qwenproxyctl config edit"),
            Finding("request", .skipped, "The configuration has to be mended first."),
        ]
    }

    private static func upstreams(_ upstreams: [UpstreamStatus]) -> [Finding] {
        let hasProxy = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].contains {
            ProcessEnvironment.value($0) != nil
        }
        return upstreams.compactMap { upstream in
            upstream.baseURL.map { UpstreamCheck.finding(upstream.name, $0, hasProxy: hasProxy) }
        }
    }
}

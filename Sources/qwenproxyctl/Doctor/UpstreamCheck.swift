// SPDX-License-Identifier: Apache-2.0

import Shared

/// Whether the upstream's host can be found and reached from here. Encryption and credentials are shown by the request.
enum UpstreamCheck {
    static func finding(_ name: String, _ url: String, hasProxy: Bool) -> Finding {
        let subject = "upstream \(name)"
        guard let address = ServerAddress(url: url) else {
            return Finding(subject, .failure, "\(url) is no URL.", fix: "qwenproxyctl config edit")
        }
        guard !hasProxy else {
            return Finding(subject, .skipped, "A proxy is set; only it knows the way to \(address.host).")
        }
        do throws(TCPConnection.Failure) {
            _ = try TCPConnection(host: address.host, port: address.port, limit: .seconds(10))
            return Finding(subject, .good, "\(address.host):\(address.port) can be reached")
        } catch {
            switch error {
            case .unknownHost(let reason):
                return Finding(
                    subject, .failure, "The name \(address.host) cannot be found: \(reason).",
                    fix: "Check the network and DNS (resolvectl query \(address.host)), and upstream.base_url.")
            case .unreachable(let reason), .broken(let reason):
                return Finding(
                    subject, .failure, "\(address.host):\(address.port) cannot be reached: \(reason).",
                    fix: "Check the network and the firewall, and that the server there runs.")
            }
        }
    }
}

/// Whether Claude Code can work in the window of an upstream's model.
enum WindowCheck {
    /// Nil when the window is only assumed, or nothing is known: then there is nothing to praise or to blame.
    static func finding(_ upstream: UpstreamStatus) -> Finding? {
        WindowAdvice(upstream).flatMap { Self.finding($0) }
    }

    static func finding(_ advice: WindowAdvice) -> Finding? {
        let subject = "window of \(advice.upstream)"
        return switch advice.verdict {
        case .cannotStart: Finding(subject, .failure, advice.warning ?? "", fix: advice.remedy)
        case .alwaysCompacts: Finding(subject, .warning, advice.warning ?? "", fix: advice.remedy)
        case .fits where advice.limits.contextWindowOrigin == .assumed: nil
        case .fits: Finding(subject, .good, advice.line(now: .now()))
        }
    }
}

/// Whether what the upstream's model can do was measured, or is assumed.
enum AbilityCheck {
    /// Nil where requests pass through, and where there is no model.
    static func finding(_ upstream: UpstreamStatus, now: Timestamp) -> Finding? {
        guard upstream.api == .openai, let limits = upstream.limits else { return nil }
        let subject = "abilities of \(upstream.name)"
        guard let time = limits.examinedAt else {
            return Finding(
                subject, .note,
                "What \(upstream.model) can do there is assumed, from its name and from refusals. A test finds it out.",
                fix: "qwenproxyctl upstream test \(upstream.name) --deep")
        }
        let age = Quantity.duration(seconds: max(0, now.secondsSinceEpoch - time.secondsSinceEpoch))
        return Finding(subject, .good, "\(upstream.model) was tested \(age) ago")
    }
}

// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Shared

/// One tiny request on the way that Claude Code's requests go: through the daemon to the model and back.
enum RequestCheck {
    private struct Reply: Decodable {
        struct Problem: Decodable {
            var message: String?
        }
        var type: String?
        var model: String?
        var error: Problem?
    }

    private static let body = #"""
        {"model":"claude-sonnet-5","max_tokens":16,"messages":[{"role":"user","content":"Answer with the word: yes"}]}
        """#
    private static let subject = "request"

    static func finding(_ settings: ClientSettings) -> Finding {
        guard let address = ServerAddress(url: settings.baseURL) else {
            return Finding(Self.subject, .skipped, "The daemon has no address that a program can connect to.")
        }
        let request = HTTPRequest(
            method: "POST", path: "\(address.path)/v1/messages",
            headers: [
                ("content-type", "application/json"), ("anthropic-version", "2023-06-01"),
                ("x-api-key", settings.apiKey),
            ], body: Self.body)
        let start = ContinuousClock.now
        do throws(TCPConnection.Failure) {
            // The model's server may have to load it first.
            let reply = try request.send(to: address, limit: .seconds(60))
            return Self.finding(reply, after: ContinuousClock.now - start)
        } catch {
            return Finding(
                Self.subject, .failure, "The daemon at \(settings.baseURL) could not be asked: \(error.reason).",
                fix: "qwenproxyctl logs -n 20")
        }
    }

    static func finding(_ reply: [UInt8], after duration: Duration) -> Finding {
        guard let answer = HTTPAnswer(reply) else {
            return Finding(
                Self.subject, .failure, "What answers there does not speak HTTP.", fix: "qwenproxyctl status")
        }
        let content = try? JSONDecoder().decode(Reply.self, from: Data(answer.body))
        guard answer.status == 200, content?.type == "message" else {
            let message = content?.error?.message ?? "The daemon answered with status \(answer.status)."
            return Finding(Self.subject, .failure, message, fix: "qwenproxyctl logs -n 20")
        }
        return Finding(
            Self.subject, .good,
            "the model answered in \(Quantity.duration(milliseconds: Int(duration / .milliseconds(1))))")
    }
}

extension TCPConnection.Failure {
    var reason: String {
        switch self {
        case .unknownHost(let reason), .unreachable(let reason), .broken(let reason): reason
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Shared

/// What Claude Code's settings have to say for it to use the daemon with one model.
struct ClientConnection: Equatable {
    var variables: [(name: String, value: String)]

    /// - Parameter limits: of the model; nil when the daemon does not run and cannot say.
    init(_ settings: ClientSettings, model: String, limits: RouteReport.Candidate?) {
        self.variables = [
            (ClientEnvironment.address, settings.baseURL), (ClientEnvironment.token, settings.apiKey),
            // Under its own name the client shows it, and takes its window from the variable below. The small models keep
            // their names, since routes know them by these.
            ("ANTHROPIC_MODEL", model), ("ANTHROPIC_DEFAULT_OPUS_MODEL", model),
            ("ANTHROPIC_DEFAULT_SONNET_MODEL", model),
        ]
        if let limits { self.variables += ClientEnvironment.limits(of: limits) }
    }

    static func == (left: Self, right: Self) -> Bool { left.variables.elementsEqual(right.variables) { $0 == $1 } }

    /// - Parameter before: what the file has for a variable now.
    func lines(path: String, before: (String) -> String?) -> [StyledText] {
        let head = StyledText("Write into \(path), under \"env\":").hanging(by: 2)
        return [head]
            + self.variables.map { name, value in
                let isSecret = name == ClientEnvironment.token && value != ClientSettings.placeholderKey
                let was = before(name).flatMap {
                    $0 == value ? nil : isSecret ? " (in place of another)" : " (was \($0))"
                }
                return StyledText("    \(name) = \(isSecret ? "..." : value)", .cyan).hanging(by: 6)
                    + StyledText(was ?? "", .faint)
            }
    }
}

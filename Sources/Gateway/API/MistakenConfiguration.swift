// SPDX-License-Identifier: Apache-2.0

import Configuration

/// What a daemon says that cannot answer because of its configuration.
enum MistakenConfiguration {
    /// The mistakes, each with its place, and what to do about them.
    static func text(_ mistakes: [ConfigurationMistake]) -> String {
        let list = mistakes.map { "\n  \($0)" }.joined()
        let remedy =
            mistakes.allSatisfy(\.canBeMendedInFile)
            ? "`qwenproxyctl config edit` opens the file; once it is mended, the next request is answered."
            : "A variable is read at the start: mend it where it is set, and start the daemon again (for a user's service: "
                + "`systemctl --user restart qwenproxyd`)."
        return "The configuration of qwenproxyd has mistakes, so it cannot answer:\(list)\n\(remedy)"
    }
}

extension MessagesAPIError {
    /// Nil when there is no mistake. Asking again helps only after a person has done something.
    init?(_ mistakes: [ConfigurationMistake]) {
        guard !mistakes.isEmpty else { return nil }
        self.init(.api, message: MistakenConfiguration.text(mistakes), retry: .pointless)
    }
}

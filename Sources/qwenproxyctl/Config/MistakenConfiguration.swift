// SPDX-License-Identifier: Apache-2.0

import Shared

/// What is told in place of upstreams while the daemon's configuration has mistakes: none of them is asked then.
struct MistakenConfiguration {
    let mistakes: [String]
    var described: [DescribedUpstream] = []

    /// Nil without a mistake.
    init?(_ list: UpstreamList) {
        guard let mistakes = list.mistakes else { return nil }
        self.init(mistakes: mistakes, described: list.described ?? [])
    }

    /// Nil without a mistake.
    init?(_ status: DaemonStatus) {
        guard let mistakes = status.configurationMistakes else { return nil }
        self.init(mistakes: mistakes, described: status.describedUpstreams ?? [])
    }

    init(mistakes: [String], described: [DescribedUpstream] = []) {
        self.mistakes = mistakes
        self.described = described
    }

    /// "a mistake"
    var noun: String { self.mistakes.count == 1 ? "a mistake" : "mistakes" }

    /// "Without them there would be: plan (qwen3.7-plus), ollama."; nil when nothing could be read.
    var promise: String? {
        guard !self.described.isEmpty else { return nil }
        let names = self.described.map { upstream in upstream.name + (upstream.model.map { " (\($0))" } ?? "") }
        return "Without \(self.mistakes.count == 1 ? "it" : "them") there would be: \(names.joined(separator: ", "))."
    }

    var message: String {
        let head = "The configuration has \(self.noun), so no upstream is asked:"
        let remedy = "\"qwenproxyctl config edit\" opens the file, and the next request finds it mended."
        return ([head] + self.mistakes.map { "  \($0)" } + [self.promise, remedy].compactMap(\.self))
            .joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Configuration
import Shared

/// What a person who starts the daemon by hand sees first. Each command in it works as it is printed, in another terminal
/// and any directory.
struct Banner {
    let address: String
    let mode: UpstreamMode
    let configuration: Configuration

    var text: String {
        let key =
            self.configuration.server.localAPIKey == nil
            // The key itself must not stand on the screen, nor in what a terminal keeps of it.
            ? ClientSettings.placeholderKey : "<your QWEN_LOCAL_API_KEY>"
        return """

            qwenproxyd listens on http://\(self.address). \(self.upstream)

                export ANTHROPIC_BASE_URL=http://\(self.address)
                export ANTHROPIC_AUTH_TOKEN=\(key)
                unset ANTHROPIC_API_KEY
                claude


            """
    }

    private var upstream: String {
        let model = self.configuration.primaryUpstream.model
        if !self.configuration.mistakes.isEmpty { return self.mistakes }
        switch self.mode {
        case .oauth(let path, _):
            return "It uses the Qwen login in \(path) and the model \(model)."
        case .apiKey(_, let baseURL):
            return "It uses \(baseURL) with your API key and the model \(model)."
        case .open(let baseURL):
            return "It uses \(baseURL) without a key and the model \(model)."
        case .demo:
            return """
                There are neither Qwen credentials nor an API key, so the
                built-in DEMO model answers: a script, not a language model. To connect a real one, leave it running and say

                    \(self.command("qwenproxyctl")) setup

                which asks what it needs, or start it like this:

                    QWEN_BASE_URL=coding-plan-intl QWEN_API_KEY=sk-... \(self.start)     (or any OpenAI-compatible URL)
                    QWEN_BASE_URL=http://127.0.0.1:11434/v1 QWEN_MODEL=qwen3-coder \(self.start)

                `\(self.command("qwenproxyd")) --check-config` shows every setting. Until then, with the demo model:
                """
        }
    }

    /// The mistakes themselves were said already.
    private var mistakes: String {
        """
        Its configuration has mistakes, so every
        request is answered with an error that names them. Mend them, for example with

            \(self.command("qwenproxyctl")) config edit

        and it answers. Then, for Claude Code:
        """
    }

    private func command(_ name: String) -> String { OwnProgram.typed(name) }

    /// What starts the daemon, after variables. In the directory of a build, that is make.
    private var start: String {
        let isBuild = OwnProgram.path?.contains("/.build/") == true
        return isBuild ? "make run" : self.command("qwenproxyd")
    }
}

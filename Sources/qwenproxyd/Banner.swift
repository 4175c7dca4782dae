// SPDX-License-Identifier: Apache-2.0

import Configuration
import Shared

/// What a person who starts the daemon by hand sees first.
enum Banner {
    static func text(address: String, mode: UpstreamMode, configuration: Configuration) -> String {
        let key = configuration.server.localAPIKey == nil ? ClientSettings.placeholderKey : "<your QWEN_LOCAL_API_KEY>"
        return """

            qwenproxyd listens on http://\(address). \(Self.upstream(mode, configuration))

                export ANTHROPIC_BASE_URL=http://\(address)
                export ANTHROPIC_API_KEY=\(key)
                claude


            """
    }

    private static func upstream(_ mode: UpstreamMode, _ configuration: Configuration) -> String {
        switch mode {
        case .oauth(let path, _):
            "It uses the Qwen login in \(path) and the model \(configuration.primaryUpstream.model)."
        case .apiKey(_, let baseURL):
            "It uses \(baseURL) with your API key and the model \(configuration.primaryUpstream.model)."
        case .open(let baseURL):
            "It uses \(baseURL) without a key and the model \(configuration.primaryUpstream.model)."
        case .demo:
            """
            There are neither Qwen credentials nor an API key, so the
            built-in DEMO model answers: a script, not a language model. To connect a real one, leave it running and say

                qwenproxyctl upstream add work --preset coding-plan-intl --use     (it asks for the key)

            or start it like this:

                QWEN_BASE_URL=coding-plan-intl QWEN_API_KEY=sk-... qwenproxyd     (or any OpenAI-compatible URL)
                QWEN_BASE_URL=http://127.0.0.1:11434/v1 QWEN_MODEL=qwen3-coder qwenproxyd

            `qwenproxyd --check-config` shows every setting. Until then, with the demo model:
            """
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The settings that can be given on the command line. `Setting.all` knows what they mean; a test checks that both lists
/// are the same.
struct SettingOptions: ParsableArguments {
    @Option(help: "The address to listen on (QWEN_HOST).")
    var host: String?

    @Option(help: "The port to listen on (QWEN_PORT).")
    var port: String?

    @Option(help: "The upstream: a URL, or the name of a known one (QWEN_BASE_URL).")
    var baseUrl: String?

    @Option(help: "How to authenticate there: auto, oauth, api-key, none or demo (QWEN_AUTH).")
    var auth: String?

    @Option(help: "A file with the API key (QWEN_API_KEY_FILE).")
    var apiKeyFile: String?

    @Option(help: "The upstream that answers, of those in the configuration (QWEN_UPSTREAM).")
    var upstream: String?

    @Option(help: "The model that answers (QWEN_MODEL).")
    var model: String?

    @Option(help: "How much is logged: trace, debug, info, notice, warning, error or critical (QWEN_LOG_LEVEL).")
    var logLevel: String?

    @Option(help: "Where qwenproxyctl finds the daemon (QWEN_CONTROL_SOCKET).")
    var controlSocket: String?

    /// What was given, by `Setting.flag`.
    var flags: [String: String] {
        [
            "--host": self.host, "--port": self.port, "--base-url": self.baseUrl, "--auth": self.auth,
            "--api-key-file": self.apiKeyFile, "--upstream": self.upstream, "--model": self.model,
            "--log-level": self.logLevel,
            "--control-socket": self.controlSocket,
        ].compactMapValues { $0 }
    }
}

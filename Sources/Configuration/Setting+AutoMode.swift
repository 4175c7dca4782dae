// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// Who judges calls in Claude Code's auto mode.
    static let autoMode: [Setting] = [
        Setting(
            "auto_mode.classifier", "QWEN_AUTO_MODE_CLASSIFIER", \.autoMode.classifier,
            SettingType.line("`UPSTREAM` or `UPSTREAM/MODEL`").optional,
            default: "none",
            "The model that judges what Claude Code wants to do in auto mode, before it does it. It is told the user's rules "
                + "and words and the agent's calls."),
        Setting(
            "auto_mode.time_limit", "QWEN_AUTO_MODE_TIME_LIMIT", \.autoMode.timeLimit,
            .duration(.seconds(1) ... .seconds(60)),
            "How long to wait for its verdicts. After that there is none, and Claude Code decides in its own way."),
    ]
}

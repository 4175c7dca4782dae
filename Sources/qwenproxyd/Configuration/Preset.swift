// SPDX-License-Identifier: Apache-2.0

/// An upstream that is known by name, so that nobody has to type its address.
struct Preset: Sendable, Equatable {
    /// What `upstream.base_url` may be set to instead of a URL.
    let name: String
    let title: String
    let baseURL: String

    static func named(_ name: String) -> Preset? {
        self.all.first { $0.name == name.lowercased() }
    }

    static let all: [Preset] = [
        Preset(
            name: "dashscope-cn", title: "Model Studio, Beijing",
            baseURL: "https://dashscope.aliyuncs.com/compatible-mode/v1"),
        Preset(
            name: "dashscope-intl", title: "Model Studio, Singapore",
            baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
        Preset(
            name: "dashscope-us", title: "Model Studio, Virginia",
            baseURL: "https://dashscope-us.aliyuncs.com/compatible-mode/v1"),
        Preset(
            name: "dashscope-hk", title: "Model Studio, Hong Kong",
            baseURL: "https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1"),
        Preset(
            name: "coding-plan-cn", title: "Coding Plan, China",
            baseURL: "https://coding.dashscope.aliyuncs.com/v1"),
        Preset(
            name: "coding-plan-intl", title: "Coding Plan, international",
            baseURL: "https://coding-intl.dashscope.aliyuncs.com/v1"),
        Preset(
            name: "token-plan-cn", title: "Token Plan, China",
            baseURL: "https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1"),
        Preset(
            name: "token-plan-intl", title: "Token Plan, international",
            baseURL: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1"),
        Preset(
            name: "openrouter", title: "OpenRouter",
            baseURL: "https://openrouter.ai/api/v1"),
        Preset(
            name: "portal", title: "Qwen OAuth (free tier closed in April 2026)",
            baseURL: "https://portal.qwen.ai/v1"),
    ]

    /// One line for error messages.
    static let list = Self.all.map(\.name).joined(separator: ", ")
}

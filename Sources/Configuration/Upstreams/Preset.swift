// SPDX-License-Identifier: Apache-2.0

/// An upstream that is known by name, so that the user need not type its address or look up its rules.
package struct Preset: Sendable, Equatable {
    let name: String
    let title: String
    let product: UpstreamProduct
    /// The base of the Chat Completions API. Nil where only the user knows; `{workspace}` and `{region}` are filled in.
    let baseURL: String?
    /// The base of the Messages API, where the product has one.
    var anthropicURL: String?
    /// The variable in which the vendor's own tools look for the key.
    var keyVariable: String?
    /// How the Messages API wants the key.
    var anthropicKeyHeader = KeyHeader.bearer
    /// Where the plan's terms admit coding agents only, the upstream is told which one is asking.
    var forwardsUserAgent = false
    /// Known limits only.
    var requestsPerMinute: Int?
    /// How the upstream identifies its users when nothing else is said.
    var authentication = UpstreamEntry.Authentication.auto

    static func named(_ name: String) -> Preset? {
        self.all.first { $0.name == name.lowercased() }
    }

    /// The preset whose address this is, so that a URL that was typed gets the same advice and manners.
    static func at(_ baseURL: String) -> Preset? {
        guard let host = HTTPAddress(baseURL)?.host else { return nil }
        return self.all.first { preset in
            preset.baseURL.flatMap { HTTPAddress($0)?.host } == host
        } ?? (host.hasSuffix(".maas.aliyuncs.com") ? self.named("dashscope-workspace") : nil)
    }

    /// The address for one API; nil when the preset has none for it.
    func address(for api: UpstreamAPI) -> String? {
        switch api {
        case .openAI: self.baseURL
        case .anthropic: self.anthropicURL
        }
    }

    /// Those with an address of their own: what `base_url` may be set to.
    static let addressed = Self.all.filter { $0.baseURL?.contains("{") == false }

    /// One line for error messages.
    package static let list = Self.addressed.map(\.name).joined(separator: ", ")
    static let names = Self.all.map(\.name).joined(separator: ", ")

    /// The regions of Model Studio's workspaces.
    static let regions = [
        "cn-beijing", "ap-southeast-1", "cn-hongkong", "us-east-1", "eu-central-1", "ap-northeast-1",
    ]
}

extension Preset {
    static let all: [Preset] = [
        .modelStudio("dashscope-cn", "Model Studio, Beijing", host: "dashscope.aliyuncs.com"),
        .modelStudio("dashscope-intl", "Model Studio, Singapore", host: "dashscope-intl.aliyuncs.com"),
        .modelStudio("dashscope-us", "Model Studio, Virginia", host: "dashscope-us.aliyuncs.com"),
        .modelStudio("dashscope-hk", "Model Studio, Hong Kong", host: "cn-hongkong.dashscope.aliyuncs.com"),
        .modelStudio(
            "dashscope-workspace", "Model Studio, a workspace of your own",
            host: "{workspace}.{region}.maas.aliyuncs.com"),
        .codingPlan("coding-plan-cn", "Coding Plan, China", host: "coding.dashscope.aliyuncs.com"),
        .codingPlan("coding-plan-intl", "Coding Plan, international", host: "coding-intl.dashscope.aliyuncs.com"),
        .tokenPlan("token-plan-cn", "Token Plan, China", host: "token-plan.cn-beijing.maas.aliyuncs.com"),
        .tokenPlan("token-plan-intl", "Token Plan, international", host: "token-plan.ap-southeast-1.maas.aliyuncs.com"),
        Preset(
            name: "openrouter", title: "OpenRouter", product: .openRouter,
            baseURL: "https://openrouter.ai/api/v1", keyVariable: "OPENROUTER_API_KEY"),
        Preset(
            name: "portal", title: "Qwen OAuth (free tier closed in April 2026)", product: .portal,
            baseURL: "https://portal.qwen.ai/v1", requestsPerMinute: 60, authentication: .oauth),
        Preset(
            name: "local", title: "A server of your own, without a key", product: .local, baseURL: nil,
            authentication: .none),
        Preset(name: "custom", title: "Anything else", product: .other, baseURL: nil),
    ]

    private static func modelStudio(_ name: String, _ title: String, host: String) -> Preset {
        Preset(
            name: name, title: title, product: .modelStudio,
            baseURL: "https://\(host)/compatible-mode/v1", anthropicURL: "https://\(host)/apps/anthropic",
            keyVariable: "DASHSCOPE_API_KEY", anthropicKeyHeader: .xAPIKey)
    }

    private static func codingPlan(_ name: String, _ title: String, host: String) -> Preset {
        Preset(
            name: name, title: title, product: .codingPlan,
            baseURL: "https://\(host)/v1", anthropicURL: "https://\(host)/apps/anthropic",
            keyVariable: "BAILIAN_CODING_PLAN_API_KEY", forwardsUserAgent: true)
    }

    private static func tokenPlan(_ name: String, _ title: String, host: String) -> Preset {
        Preset(
            name: name, title: title, product: .tokenPlan,
            baseURL: "https://\(host)/compatible-mode/v1", anthropicURL: "https://\(host)/apps/anthropic",
            keyVariable: "BAILIAN_TOKEN_PLAN_API_KEY", forwardsUserAgent: true)
    }
}

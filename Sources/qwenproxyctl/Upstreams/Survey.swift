// SPDX-License-Identifier: Apache-2.0

import Catalog
import Glibc
import Shared

/// What a setup can build on: what is on this machine already.
struct Survey: Equatable {
    struct Key: Equatable {
        var variable: String
        var value: String
    }

    /// What is known about products.
    var catalog = Catalog.shipped
    var keys: [Key] = []
    /// The file of qwen-code's login.
    var login: String?
    var servers: [LocalServer] = []
    /// Claude Code's program.
    var client: String?

    static func current() -> Survey {
        let home = ProcessEnvironment.home
        let login = "\(ProcessEnvironment.value("QWEN_HOME") ?? "\(home)/.qwen")/oauth_creds.json"
        return Survey(
            catalog: .current, keys: Self.keys(of: .current, ProcessEnvironment.value),
            login: unsafe access(login, R_OK) == 0 ? login : nil,
            servers: LocalServer.running(),
            client: Self.clientPath(home: home))
    }

    /// - Parameter current: looks up a variable.
    static func keys(of catalog: Catalog, _ current: (String) -> String?) -> [Key] {
        var variables: [String] = []
        for variable in catalog.presets.compactMap(\.keyVariable) where !variables.contains(variable) {
            variables.append(variable)
        }
        return variables.compactMap { variable in
            // An example's "<your key>" has a space, and is none.
            current(variable).flatMap { UpstreamDialogue.isKey($0) ? Key(variable: variable, value: $0) : nil }
        }
    }

    /// On the search path, else where its installers put it.
    private static func clientPath(home: String) -> String? {
        if let claude = ExternalProgram(named: "claude") { return claude.path }
        // A shell that was open before the installation has the old search path.
        return ["\(home)/.local/bin/claude", "\(home)/.claude/local/claude"].first { unsafe access($0, X_OK) == 0 }
    }

    func key(for preset: Preset) -> Key? {
        self.keys.first { $0.variable == preset.keyVariable }
    }

    /// The presets that the key may be for; the vendor's variable does not say which region.
    func presets(for key: Key) -> [Preset] { self.catalog.presets.filter { $0.keyVariable == key.variable } }

    /// Those that nobody else can read along with.
    var offeredServers: [LocalServer] { self.servers.filter { $0.owner == .trusted } }

    /// One line for each thing that was found.
    var lines: [StyledText] {
        var lines = self.servers.map { server in
            switch server.owner {
            case .trusted:
                "\(server.title) at \(server.baseURL), with \(Quantity.count(server.models.count, "model"))"
            case .other(let user):
                "a model server of the user \(user) at \(server.baseURL), who could read along: not offered below"
            }
        }
        lines += self.keys.map { "a key in \($0.variable)" }
        lines += [self.login.map { "the login of qwen-code in \($0)" }, self.client.map { "Claude Code: \($0)" }]
            .compactMap(\.self)
        guard !lines.isEmpty else { return [] }
        return [StyledText("Found here:")] + lines.map { StyledText("  - \($0)").hanging(by: 4) }
    }
}

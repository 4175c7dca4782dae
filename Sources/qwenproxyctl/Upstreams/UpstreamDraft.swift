// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared

/// What is known so far about an upstream that is to be added or changed. Nil is not said, or stays as it is.
struct UpstreamDraft: Equatable {
    /// Where its key is.
    enum Key: Equatable {
        /// Kept in the upstream's own file, which only its owner can read.
        case literal(String)
        case file(String)
        /// A variable of the daemon's environment.
        case variable(String)
    }

    var name: String?
    var preset: String?
    var baseURL: String?
    var kind: String?
    var model: String?
    var auth: String?
    var workspace: String?
    var region: String?
    var requestsPerMinute: Int?
    var key: Key?

    func known(in catalog: Catalog) -> Preset? { self.preset.flatMap { catalog.preset(named: $0) } }

    /// With what is asked there, as far as it can be told without the daemon.
    func address(in catalog: Catalog) -> String? {
        if let baseURL = self.baseURL { return catalog.preset(named: baseURL)?.baseURL ?? baseURL }
        guard let template = self.known(in: catalog)?.baseURL else { return nil }
        guard template.contains("{") else { return template }
        guard let workspace = self.workspace, let region = self.region else { return nil }
        return Preset.filled(template, workspace: workspace, region: region)
    }

    /// Puts all that is said into a file.
    func write(to file: inout UpstreamFile) {
        file.set("preset", self.preset)
        file.set("base_url", self.baseURL)
        file.set("kind", self.kind)
        file.set("model", self.model)
        file.set("auth", self.auth)
        file.set("workspace", self.workspace)
        file.set("region", self.region)
        file.set("requests_per_minute", self.requestsPerMinute)
        guard let key = self.key else { return }
        // An api_key that stayed would go before the file or the variable that is named now.
        for setting in ["api_key", "api_key_file", "api_key_env"] { file.remove(setting) }
        switch key {
        case .literal(let text): file.set("api_key", text)
        case .file(let path): file.set("api_key_file", path)
        case .variable(let name): file.set("api_key_env", name)
        }
    }

    static let nameRule = "The name of an upstream has up to 64 letters, digits, - and _."

    /// It becomes part of a file's name.
    static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy(\.isNameCharacter) && (1...64).contains(text.utf8.count)
    }
}

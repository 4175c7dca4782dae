// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared

extension ConfigurationDraft {
    /// What can be said only when every source has been read: paths, the upstream's address, the key, the mode.
    mutating func complete() {
        // The order matters: the address needs the paths read, the mode needs address and key, the upstreams need the
        // mode.
        self.completePaths()
        self.completeBaseURL()
        self.completeAPIKey()
        self.completeMode()
        self.completeUpstreams()
        if HostScope(self.configuration.server.host.lowercased()) != .loopback,
            self.configuration.server.localAPIKey == nil
        {
            self.refuse(
                "server.host",
                "other machines could use the upstream on your account: set server.local_api_key "
                    + "(QWEN_LOCAL_API_KEY), or listen on a loopback address")
        }
    }

    private mutating func completePaths() {
        self.configuration.oauth.directory = self.paths.absolute(self.configuration.oauth.directory)
        self.configuration.control.socket = self.paths.absolute(self.configuration.control.socket)
        self.configuration.upstream.apiKeyFile = self.configuration.upstream.apiKeyFile.map(self.paths.absolute)
        self.configuration.upstream.caFile = self.configuration.upstream.caFile.map(self.paths.absolute)
        // `sun_path` of unix(7) has 108 bytes, and the last is the terminating NUL.
        if self.configuration.control.socket.utf8.count > 107 {
            // The daemon listens there although it is at fault, to tell so.
            defer { self.configuration.control.socket = self.paths.controlSocket }
            self.refuse("control.socket", "the path is longer than the 107 bytes that a socket's path can have")
        }
        // libcurl would only notice with the first request, and blame the upstream.
        if let file = self.configuration.upstream.caFile, !RegularFile.exists(file) {
            self.refuse("upstream.ca_file", "there is no file \(file)")
        }
    }

    private mutating func completeBaseURL() {
        guard let text = self.configuration.upstream.baseURL else { return }
        do {
            self.configuration.upstream.baseURL =
                try BaseURL.normalise(
                    text, among: self.configuration.catalog, allowHTTP: self.configuration.upstream.allowHTTP)
        } catch {
            self.refuse("upstream.base_url", self.message(about: error, text))
        }
    }

    /// What `base_url` may name.
    var addressedPresets: [Preset] { self.configuration.catalog.addressedPresets }

    func message(about objection: BaseURL.Objection, _ text: String) -> String {
        switch objection {
        case .notAnAddress:
            let suggestion = NameSuggestion.nearest(to: text, among: self.addressedPresets.map(\.name))
            // What is forgotten most often is the scheme.
            let lacksScheme = !text.contains("://") && text.contains { ":./".contains($0) }
            if suggestion == nil, lacksScheme, HTTPAddress("http://" + text) != nil {
                return "Write https://\(text) or, for a server of your own, http://\(text)"
            }
            return (suggestion.map { "did you mean \($0)? " } ?? "")
                + "Expected a URL such as https://host/v1 (no user name, no query) or one of \(self.addressedPresets.list)"
        case .plainHTTP(let host):
            return "\(host) is on a public network, and plain http would show it your prompts and your key. "
                + "Use https, or set upstream.allow_http = true"
        }
    }

    private mutating func completeAPIKey() {
        let isConfigured = self.configuration.upstream.apiKey != nil
        if isConfigured {
            if self.configuration.upstream.apiKeyFile != nil {
                self.warn("upstream.api_key_file is not used, because upstream.api_key is set.")
            }
            return
        }
        do {
            guard
                let found = try APIKeyFile.find(
                    self.configuration.upstream.apiKeyFile, or: self.paths.apiKeyCredentials)
            else { return }
            self.configuration.upstream.apiKey = found.key
            self.configuration.provenance.append(
                Provenance(key: "upstream.api_key", name: nil, source: .secretFile(found.path)))
            if found.isReadableByOthers {
                self.warn("\(found.path) holds a secret and other users can read it. Run: chmod 600 \(found.path)")
            }
        } catch {
            self.mistakes.append(
                ConfigurationMistake(
                    source: error.isCredential ? .secretFile(error.path) : self.source(of: "upstream.api_key_file"),
                    key: error.isCredential ? "upstream.api_key" : "upstream.api_key_file",
                    message: "\(error.path): \(error.reason)"))
        }
    }

    private mutating func completeMode() {
        // A key or an address that was refused above must not look as if it had never been given.
        let ingredients = ["upstream.base_url", "upstream.auth", "upstream.api_key", "upstream.api_key_file"]
        guard !self.mistakes.contains(where: { ingredients.contains($0.key ?? "") }) else { return }
        let selection = self.configuration.defaultSelection
        switch selection.objection() {
        case .apiKeyWithoutBaseURL:
            self.refuse(
                "upstream.base_url",
                "an API key belongs to one product and region, so its address must be given: a URL or one of "
                    + self.addressedPresets.list)
        case .noAPIKey:
            self.refuse(
                "upstream.auth",
                "\"api-key\" needs a key: set upstream.api_key, upstream.api_key_file or QWEN_API_KEY")
        case .openWithoutBaseURL:
            self.refuse("upstream.auth", "\"none\" needs an address: set upstream.base_url or QWEN_BASE_URL")
        case .untrustedHost(let url):
            self.refuse(
                "upstream.base_url",
                "the OAuth token would be sent to \(url). Add the host to upstream.trusted_hosts if that is meant "
                    + "(https only), or set upstream.auth to \"api-key\" or \"none\"")
        case nil:
            let exists = RegularFile.exists(self.configuration.oauth.credentialsPath)
            self.configuration.mode = selection.mode(credentialsFileExists: exists)
            self.warnAboutMode(credentialsFileExists: exists)
        }
    }

    private mutating func warnAboutMode(credentialsFileExists: Bool) {
        let path = self.configuration.oauth.credentialsPath
        switch self.configuration.mode {
        case .oauth(_, let baseURL?) where self.configuration.upstream.auth == .auto:
            self.warn(
                "The OAuth token of \(path) goes to \(baseURL). "
                    + "If that upstream wants no credentials, set upstream.auth = \"none\".")
        case .open where self.configuration.upstream.auth == .auto && credentialsFileExists:
            self.warn("\(path) is not used: upstream.base_url is not one of the hosts its token may be sent to.")
        case .open where self.configuration.upstream.apiKey != nil:
            self.warn("The API key is not used, because upstream.auth is \"none\".")
        case .demo where self.configuration.upstream.auth == .auto && self.configuration.entries.isEmpty:
            self.warn("No upstream is configured, so the built-in demo answers: \"qwenproxyctl setup\" connects one.")
        case .oauth, .apiKey, .open, .demo:
            break
        }
    }
}

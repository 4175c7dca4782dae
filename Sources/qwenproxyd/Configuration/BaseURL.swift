// SPDX-License-Identifier: Apache-2.0

/// The address of an upstream's API, to which `/chat/completions` is appended: what users write, made uniform.
enum BaseURL {
    enum Objection: Error, Sendable, Equatable {
        case notAnAddress
        /// Prompts and keys would cross a public network in the clear.
        case plainHTTP(host: String)
    }

    /// Takes the name of a preset, or a URL with or without a trailing slash or `/chat/completions`.
    static func normalise(_ text: String, allowHTTP: Bool) throws(Objection) -> String {
        if let preset = Preset.named(text) { return preset.baseURL }
        guard let address = HTTPAddress(text) else { throw .notAnAddress }
        if address.scheme == .http, !allowHTTP, HostScope(address.host) == .public {
            throw .plainHTTP(host: address.host)
        }
        let suffix = "/chat/completions"
        guard address.path.lowercased().hasSuffix(suffix) else { return address.description }
        // Read again: what was before the suffix can end in slashes of its own.
        return HTTPAddress(address.withPath(String(address.path.dropLast(suffix.count))).description)?.description
            ?? address.description
    }
}

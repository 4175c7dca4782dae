// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared

/// The address of an upstream's API, to which `/chat/completions` or `/v1/messages` is appended: what users write, made
/// uniform.
enum BaseURL {
    enum Objection: Error, Sendable, Equatable {
        case notAnAddress
        /// Prompts and keys would cross a public network in the clear.
        case plainHTTP(host: String)
    }

    /// Takes the name of a preset, or a URL with or without a trailing slash or what we append.
    static func normalise(
        _ text: String, for api: UpstreamAPI = .openAI, among catalog: Catalog = .shipped, allowHTTP: Bool,
    ) throws(Objection) -> String {
        // First the names: none of them is a URL.
        if let preset = catalog.preset(named: text), preset.isAddressed,
            let address = preset.address(for: api)
        {
            return address
        }
        guard let address = HTTPAddress(text) else { throw .notAnAddress }
        if address.scheme == .http, !allowHTTP, HostScope(address.host) == .public {
            throw .plainHTTP(host: address.host)
        }
        let suffixes =
            switch api {
            case .openAI: ["/chat/completions"]
            // The longer one first, as the shorter one is part of it.
            case .anthropic: ["/v1/messages", "/v1"]
            }
        guard let suffix = suffixes.first(where: { address.path.lowercased().hasSuffix($0) }) else {
            return address.description
        }
        // Read again: what was before the suffix can end in slashes of its own.
        return HTTPAddress(address.withPath(String(address.path.dropLast(suffix.count))).description)?.description
            ?? address.description
    }
}

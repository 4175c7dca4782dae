// SPDX-License-Identifier: Apache-2.0

import Configuration
import Shared

/// Makes the upstream's address of the `resource_url` in the credentials file.
enum ResourceURL {
    enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case notAnAddress
        case notHTTPS
        case untrusted(host: String)

        var description: String {
            switch self {
            case .notAnAddress: "its \"resource_url\" is not an address"
            case .notHTTPS: "its \"resource_url\" is not an https address"
            case .untrusted(let host):
                "its \"resource_url\" names \(host), which may not receive the token "
                    + "(add the host to upstream.trusted_hosts if that is meant)"
            }
        }
    }

    /// The portal. Its tokens are refused by the other hosts of the vendor.
    static let `default` = "https://portal.qwen.ai/v1"

    static func baseURL(of resourceURL: String?, trusting hosts: TrustedHosts) throws(Failure) -> String {
        let text = resourceURL?.trimmingSpaces() ?? ""
        guard !text.isEmpty else { return self.default }
        guard let address = HTTPAddress(text.contains("://") ? text : "https://" + text) else { throw .notAnAddress }
        // On this machine the token is as safe as its file.
        if HostScope(address.host) != .loopback {
            guard address.scheme == .https else { throw .notHTTPS }
            guard hosts.contains(address.host) else { throw .untrusted(host: address.host) }
        }
        // `qwen` writes the host alone and appends `/v1` itself.
        return address.path.hasSuffix("/v1") ? address.description : address.withPath(address.path + "/v1").description
    }
}

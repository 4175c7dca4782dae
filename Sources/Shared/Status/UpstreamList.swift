// SPDX-License-Identifier: Apache-2.0

/// The upstreams of the configuration, and where it is.
public struct UpstreamList: Codable, Sendable, Equatable {
    /// Where `config.toml` is or would be, and `config.d` beside it.
    public var directory: String
    /// The one that answers when no route says otherwise comes first.
    public var upstreams: [UpstreamStatus]

    public init(directory: String, upstreams: [UpstreamStatus]) {
        self.directory = directory
        self.upstreams = upstreams
    }
}

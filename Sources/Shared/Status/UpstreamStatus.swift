// SPDX-License-Identifier: Apache-2.0

/// The service that answers the requests.
public struct UpstreamStatus: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case oauth
        case apiKey
        /// An upstream that asks for no credentials.
        case open
        /// No upstream: the daemon answers by itself.
        case demo
    }

    public enum State: String, Codable, Sendable, CaseIterable {
        /// Nothing was asked yet.
        case untried
        /// The last request was answered.
        case reachable
        /// The last request did not get through.
        case unreachable
        /// It answered, and refused our credentials.
        case refusing
    }

    public var name: String
    public var kind: Kind
    /// Absent in the demo.
    public var baseURL: String?
    public var model: String
    public var state: State

    public init(name: String, kind: Kind, baseURL: String?, model: String, state: State) {
        self.name = name
        self.kind = kind
        self.baseURL = baseURL
        self.model = model
        self.state = state
    }
}

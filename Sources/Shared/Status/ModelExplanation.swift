// SPDX-License-Identifier: Apache-2.0

/// What holds for a model at an upstream, field by field, and how each value is known.
public struct ModelExplanation: Codable, Sendable, Equatable {
    /// One value.
    public struct Field: Codable, Sendable, Equatable {
        /// How the value is known, the weakest first.
        public enum Origin: String, Codable, Sendable, CaseIterable {
            /// Nothing was said: what an unknown model is trusted with.
            case assumed
            /// The catalogue that came with the program.
            case shipped
            /// The catalogue that `models update` brought.
            case updated
            /// The administrator's own file of the catalogue.
            case administrator
            /// The user's own file of the catalogue.
            case user
            /// What servers of this kind, or at this host, take, whichever model is asked.
            case host
            /// The upstream told, asked or by refusing a request.
            case learned
            /// The configuration's `models` table.
            case configured
        }

        /// As in the files of the catalogue.
        public var name: String
        /// As in the files of the catalogue, or for people.
        public var value: String
        /// How the value is known.
        public var origin: Origin
        /// Who says so; absent where nobody does.
        public var source: String?
        /// When that was so, as a day or a moment; absent where it is not known.
        public var date: String?

        public init(name: String, value: String, origin: Origin, source: String? = nil, date: String? = nil) {
            self.name = name
            self.value = value
            self.origin = origin
            self.source = source
            self.date = date
        }
    }

    /// As the upstream calls it.
    public var model: String
    /// As the configuration calls it; absent when no upstream was looked at.
    public var upstream: String?
    /// In the order of the documentation.
    public var fields: [Field]

    public init(model: String, upstream: String? = nil, fields: [Field]) {
        self.model = model
        self.upstream = upstream
        self.fields = fields
    }
}

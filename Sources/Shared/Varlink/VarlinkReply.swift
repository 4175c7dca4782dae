// SPDX-License-Identifier: Apache-2.0

/// One reply as it travels.
public struct VarlinkReply<Parameters: Codable & Sendable>: Codable, Sendable {
    /// Absent means none.
    public var parameters: Parameters?
    /// More replies to the same call follow.
    public var continues: Bool?
    /// The full name of an error; `parameters` are then the error's.
    public var error: String?

    public init(parameters: Parameters?, continues: Bool = false) {
        self.parameters = parameters
        self.continues = continues ? true : nil
    }

    public init(error: String, parameters: Parameters?) {
        self.error = error
        self.parameters = parameters
    }
}

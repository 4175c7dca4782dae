// SPDX-License-Identifier: Apache-2.0

/// How many clients are connected, and what is left for more of them.
public struct ConnectionCounts: Codable, Sendable, Equatable {
    /// Of clients, idle ones included.
    public var open: Int
    /// One more than so many is closed at once.
    public var limit: Int
    /// Closed for that reason, since the start.
    public var refused: Int
    /// File descriptors that the process has open.
    public var descriptors: Int
    /// And that it may have open (RLIMIT_NOFILE).
    public var descriptorLimit: Int

    /// All of them, in the order of the interface.
    public init(open: Int, limit: Int, refused: Int, descriptors: Int, descriptorLimit: Int) {
        self.open = open
        self.limit = limit
        self.refused = refused
        self.descriptors = descriptors
        self.descriptorLimit = descriptorLimit
    }

    /// The next client finds no place, or no descriptor.
    public var isExhausted: Bool { self.open >= self.limit || self.descriptors >= self.descriptorLimit }
}

// SPDX-License-Identifier: Apache-2.0

/// One message of the conversation that has something to say.
struct Message {
    enum Role {
        case user
        case assistant
        /// Instructions in the middle of the conversation. Chat templates only take a system message in front, so
        /// they are told as text of the user.
        case system
    }

    /// What the message was seen to hold when it was validated, so that translating need not look again.
    struct Contents: OptionSet {
        let rawValue: UInt8
        static let text = Self(rawValue: 1 << 0)
        static let image = Self(rawValue: 1 << 1)
        static let toolUse = Self(rawValue: 1 << 2)
        static let toolResult = Self(rawValue: 1 << 3)
        static let thinking = Self(rawValue: 1 << 4)
    }

    let role: Role
    /// Which of the request's blocks are this message's.
    let blocks: Range<Int>
    let contents: Contents

    /// Nothing of it would reach the model: the turns around it count as neighbours.
    var isSilent: Bool {
        switch self.role {
        case .user: false
        case .assistant: self.contents.isDisjoint(with: [.text, .toolUse])
        case .system: !self.contents.contains(.text)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension UInt8 {
    /// Of ASCII only.
    public var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// What the names of upstreams, models and keys in the configuration are made of.
    public var isNameCharacter: Bool {
        self.isLetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }
}

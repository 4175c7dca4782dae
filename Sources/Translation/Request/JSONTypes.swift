// SPDX-License-Identifier: Apache-2.0

/// The JSON types a schema allows for one parameter. Empty when the schema does not say, which allows everything.
public struct JSONTypes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A text.
    public static let string = Self(rawValue: 1 << 0)
    /// A number without a fraction.
    public static let integer = Self(rawValue: 1 << 1)
    /// Any number.
    public static let number = Self(rawValue: 1 << 2)
    /// `true` or `false`.
    public static let boolean = Self(rawValue: 1 << 3)
    /// An object.
    public static let object = Self(rawValue: 1 << 4)
    /// An array.
    public static let array = Self(rawValue: 1 << 5)
    /// `null`.
    public static let null = Self(rawValue: 1 << 6)
}

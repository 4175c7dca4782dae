// SPDX-License-Identifier: Apache-2.0

/// Accepts any value: the name of a call or of an error counts also when its parameters have a wrong type.
struct IgnoredParameters: Codable, Sendable {
    init(from decoder: any Decoder) throws {}
    func encode(to encoder: any Encoder) throws {}
}

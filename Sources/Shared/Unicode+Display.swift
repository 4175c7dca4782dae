// SPDX-License-Identifier: Apache-2.0

extension Unicode.Scalar {
    /// Whether a line or a terminal that shows text of a peer would do something else than show this character: control
    /// characters, which steer terminals (C0, DEL, and C1, which has one-character escape sequences), the separators at
    /// which some viewers break lines, and those that change the direction of what follows, so that a line reads otherwise
    /// than it is (UAX #9, section 2).
    public var steersDisplay: Bool {
        switch self.value {
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

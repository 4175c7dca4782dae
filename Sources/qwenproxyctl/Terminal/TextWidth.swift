// SPDX-License-Identifier: Apache-2.0

/// How many columns of a terminal a text takes. The C library's wcwidth would need the user's locale.
enum TextWidth {
    static func columns(_ text: String) -> Int {
        text.reduce(0) { $0 + Self.columns($1) }
    }

    /// A cluster is as wide as its base; what is combined with it takes no place of its own.
    static func columns(_ character: Character) -> Int {
        guard let base = character.unicodeScalars.first else { return 0 }
        // A text character that is asked to look like an emoji.
        if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
        return Self.columns(base)
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: break
        }
        let isWide = scalar.properties.isEmojiPresentation || Self.wide.contains { $0.contains(scalar.value) }
        return isWide ? 2 : 1
    }

    /// The blocks whose characters are wide or full-width by Unicode's East Asian Width.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF,
        0x20000...0x3FFFD,
    ]
}

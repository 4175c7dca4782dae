// SPDX-License-Identifier: Apache-2.0

/// One entry of a document's tape: where a value lies, and where the tape goes on after it. A member name is a string
/// token directly before its value.
struct JSONToken: Sendable {
    /// Offset of the value's first byte, which also tells its kind.
    var start: UInt32
    /// Offset after the value's last byte.
    var end: UInt32
    /// Index of the next token that is not part of this value, and two flags about a string.
    private var nextAndFlags: UInt32

    private static let escapesFlag: UInt32 = 1 << 31
    private static let loneSurrogateFlag: UInt32 = 1 << 30
    static let maximumIndex = Int(Self.loneSurrogateFlag) - 1
    static let maximumOffset = Int(Int32.max)
    /// Room on a tape that is not written yet.
    static let blank = JSONToken(start: 0, end: 0, next: 0)

    init(start: Int, end: Int, next: Int, hasEscapes: Bool = false, hasLoneSurrogate: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.nextAndFlags =
            UInt32(truncatingIfNeeded: next)
            | (hasEscapes ? Self.escapesFlag : 0)
            | (hasLoneSurrogate ? Self.loneSurrogateFlag : 0)
    }

    var next: Int {
        @inline(__always) get { Int(self.nextAndFlags & (Self.loneSurrogateFlag - 1)) }
        set { self.nextAndFlags = UInt32(truncatingIfNeeded: newValue) }
    }

    /// The string holds a backslash: its bytes are not its characters.
    @inline(__always)
    var hasEscapes: Bool { self.nextAndFlags & Self.escapesFlag != 0 }

    /// The string holds half of a surrogate pair as an escape. JavaScript writes it for a cut emoji; many servers
    /// cannot encode the decoded string and answer 500, so it is replaced wherever we copy it.
    var hasLoneSurrogate: Bool {
        get { self.nextAndFlags & Self.loneSurrogateFlag != 0 }
        set {
            self.nextAndFlags &= ~Self.loneSurrogateFlag
            if newValue { self.nextAndFlags |= Self.loneSurrogateFlag }
        }
    }
}

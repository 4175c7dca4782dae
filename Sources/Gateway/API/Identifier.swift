// SPDX-License-Identifier: Apache-2.0

/// Random identifiers in the form the Messages API gives them. They must be unique over a whole conversation: the
/// client drops the later of two messages or tool calls with one id and then repeats the turn for ever.
enum Identifier {
    static func message() -> String { "msg_01" + Self.random() }
    static func serverToolUse() -> String { "srvtoolu_01" + Self.random() }

    /// 22 characters of base 62: 131 bits.
    private static func random() -> String {
        var generator = ProcessRandom()
        return unsafe String(unsafeUninitializedCapacity: 22) { buffer in
            var pool = UInt64(0)
            var left = 0
            for index in 0..<22 {
                if left == 0 {
                    pool = generator.next()
                    left = 10
                }
                unsafe buffer[index] = Self.alphabet[Int(pool % 62)]
                pool /= 62
                left -= 1
            }
            return 22
        }
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}

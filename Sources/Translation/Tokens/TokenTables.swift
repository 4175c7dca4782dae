// SPDX-License-Identifier: Apache-2.0

/// What `TextWeigher` knows of a vocabulary without having one: how many tokens a word becomes, by its shape and by which
/// letters follow each other in it. Fitted to the published vocabulary of Qwen over source code, prose, Markdown, logs,
/// diffs, JSON and encoded data; `Tests/Python/qwen_tokens.py` measures the result.
enum TokenTables {
    /// The longest word that has a column of its own.
    static let longestWord = 16
    /// From one row of `letterPairs` to the next.
    static let pairStride = 32

    /// For each lead, each shape and each length, in 1/16 of a token.
    static let words: [UInt8] = Self.hexadecimal(Self.wordText)

    /// What a letter adds to its word after the letter before it, in 1/32 of a token. Zero stands for the edges of the word,
    /// 1 to 26 for letters of either case.
    static let letterPairs: [Int8] = Self.pairs(Self.pairText)

    /// What each letter past the longest word adds, by shape, in 1/32 of a token.
    static let longWords: [UInt8] = [10, 11, 13, 10, 3, 3, 6, 3, 13, 23]

    private static func hexadecimal(_ text: StaticString) -> [UInt8] {
        let digits = text.description.utf8.compactMap { hexadecimalDigit($0) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// A row for each letter before, a character for each letter after it: `P` is zero.
    private static func pairs(_ text: StaticString) -> [Int8] {
        var pairs = [Int8](repeating: 0, count: 27 * Self.pairStride)
        for (row, line) in text.description.utf8.split(separator: UInt8(ascii: "\n")).enumerated() {
            for (column, character) in line.enumerated() {
                pairs[row * Self.pairStride + column] = Int8(bitPattern: character &- UInt8(ascii: "P"))
            }
        }
        return pairs
    }

    private static let wordText: StaticString = """
        10 08 0d 0e 0e 10 13 15 19 27 19 22 1a 30 32 38
        10 0f 0e 0f 12 13 13 15 17 18 1c 22 1e 2b 2d 28
        10 0c 10 17 19 1c 21 24 2b 2e 20 36 46 41 23 2c
        19 1d 1b 1b 25 30 36 39 3b 2e 46 3f 3d 54 58 0d
        2c 16 1d 28 2c 31 30 29 25 27 23 27 28 2a 26 25
        55 53 52 32 39 40 48 4c 59 56 54 4c 40 39 3b 37
        5d 5f 62 64 66 4c 51 5b 63 6c 73 7e 82 95 98 57
        2c 31 36 28 31 39 40 4b 4e 5c 61 6c 5b 52 52 64
        2f 35 3c 42 49 43 4a 53 5b 63 6c 75 7d 86 89 74
        10 18 23 2e 39 44 50 5d 65 6d 76 7e 8a 91 9e a1
        10 0a 0b 0c 0d 0e 10 10 12 14 15 16 18 19 24 2b
        10 0a 0a 0d 10 10 11 16 1a 1a 18 18 19 18 25 34
        10 0a 0e 0f 12 15 17 1e 28 27 2a 30 35 3a 14 4d
        12 14 0e 11 1a 1d 1c 24 24 24 2d 25 26 34 2d 21
        18 0d 14 1a 17 17 20 1f 1d 20 23 24 27 29 2b 2d
        2e 2e 2e 20 0e 3c 2c 34 34 30 31 30 32 37 37 38
        44 44 44 43 43 43 43 43 43 42 40 42 4c 42 45 42
        15 17 1a 1f 17 20 17 1f 2d 29 31 36 3d 3c 3f 3d
        29 2b 2d 2f 31 32 34 29 39 31 3c 58 37 42 49 43
        c4 be b8 b2 ac a6 a0 9a 94 8e 88 82 7c 76 8b 06
        10 0d 0e 11 12 15 18 1b 1f 22 24 2d 28 32 3f 38
        19 18 18 15 1a 1f 1e 23 28 1a 27 33 28 30 48 33
        13 11 13 14 17 1b 20 22 24 2b 2a 3c 3c 3e 55 55
        2c 2d 26 21 30 3c 3f 32 2f 32 30 2d 3c 3a 42 38
        29 18 25 2e 34 2f 21 23 27 27 28 2e 33 36 33 39
        4d 4c 4b 30 3f 48 51 51 52 4a 32 3a 33 3d 3f 43
        7d 7b 7a 78 77 4c 58 62 6f 71 7c 94 57 b8 7e 4b
        34 37 3a 30 37 3b 3d 44 54 58 4d 64 6b 51 47 50
        43 48 4c 51 56 48 50 59 62 6a 76 7f 8b 95 80 64
        15 20 2a 35 40 4b 56 63 69 78 7e 86 8c 98 a2 a8
        """

    private static let pairText: StaticString = #"""
        PUUTVWVYTUYZWWWVV[WUUYWUUXW
        YRPQP\RHSMNXNLQROOONNRMGMOL
        SPYQTKVYSRLQKVVQVPLMUMMNTHO
        WOVPRMZJMPXLMIRNMPLKKQQMJQX
        UOTWRMTRVPNPORPOSSRNQNOOKMR
        TKQQPQNMPUWOQQOSPJMLMKOOONN
        WL[TRONMNIWOONRKNVSUQQRMIKT
        XRGPQLTTIMRXKRRSPVPQPRNWMOV
        VQNKRRMUWPUKXVQOJLQIPROTQON
        [P`QORPNOKFMNNPMOLTNLQPOQ\J
        ZRPQPGPWTXODTOQOMTTKTNRTWWX
        V[JJONUPNQMAROIXNTPRRRNLTQR
        TRQLPPKQOSRTPOSNLQPNNLOTXKW
        VOO?JOSLNPQUQQKPQLRLQTSPPQR
        VMQPOPSLLSNOPOONR\NLMPPONSQ
        WNNQOPJOPOVOQNLMORMRLMRMTRW
        ULTQOOOSRONQJROJQGQXNIKROSQ
        YMLMWSWSRMYSRMKSPQISILQXTU[
        VNVPNNPNMOUNQQQLMLIORQPVOHS
        XROPTLPSRNLMRJIONCRNOPQGPQP
        SMRNNOJSKOQNXLRQKZONPOMJNHT
        XPRQSPOQMPOTIOPUSRLOLSKRPNU
        YMLTQLOOWNSJRNSNNWNKSOOKTSS
        UROQSSMOKJOLPROMLVJQMTTOLRR
        WLFKJJERZOT]PMTTNSQINVWUPJQ
        WSPPXORPTSSSMJOJURRNLNRJROD
        YPPUNTNYPYQNTQMVQUSRSSTPKSO
        """#
}

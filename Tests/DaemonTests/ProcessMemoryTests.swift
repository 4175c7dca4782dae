// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import qwenproxyd

@Suite struct ProcessMemoryTests {
    @Test func `what only the start needed of the program is given back, and comes again when it is needed`() async {
        await #expect(processExitsWith: .success) {
            // Reading the figure needs some of the program as well.
            _ = Self.residentCode()
            let before = Self.residentCode()
            ProcessMemory.release()
            let after = Self.residentCode()
            if after == 0 || after >= before { exit(1) }
        }
    }

    /// Kilobytes of code that are mapped into this process.
    private static func residentCode() -> Int {
        guard let file = unsafe fopen("/proc/self/smaps", "re") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 8_192)
        var isCode = false
        var total = 0
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = unsafe line.withUnsafeBytes { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            let words = text.split(separator: " ")
            if words.count > 1, words[1].count == 4, words[0].contains("-") { isCode = words[1].contains("x") }
            if isCode, words.first == "Rss:" { total += Int(words[1]) ?? 0 }
        }
        return total
    }
}

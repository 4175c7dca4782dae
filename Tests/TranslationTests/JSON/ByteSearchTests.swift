// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ByteSearchTests {
    private func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool { one.span.isEqual(to: other.span) }

    private func first(_ byte: UInt8, of bytes: [UInt8], from start: Int) -> Int? {
        bytes.span.first(byte, from: start)
    }

    @Test func `bytes are equal when each of them is`() {
        for count in 0...20 {
            let bytes = (0..<count).map { UInt8($0) }
            #expect(self.areEqual(bytes, Array(bytes)))
            #expect(!self.areEqual(bytes, bytes + [0]))
            for index in bytes.indices {
                var other = bytes
                other[index] ^= 0x80
                #expect(!self.areEqual(bytes, other))
            }
        }
    }

    @Test func `the first of a byte is found at or behind the start`() {
        for count in 0...40 {
            for place in 0..<count {
                var bytes = [UInt8](repeating: 1, count: count)
                bytes[place] = 2
                for start in 0...count {
                    #expect(self.first(2, of: bytes, from: start) == (start <= place ? place : nil))
                }
            }
        }
    }
}

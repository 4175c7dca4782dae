// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Server

@Suite struct ChunkFrameTests {
    @Test(arguments: [1, 9, 10, 15, 16, 255, 256, 4095, 4096, 65_536, 1_048_577])
    func `the size stands before the content in hexadecimal`(count: Int) {
        var buffer = ChunkFrame.makeBuffer(capacity: 0)
        buffer.writeRepeatingByte(0x61, count: count)
        ChunkFrame.close(&buffer)
        let text = String(buffer: buffer)
        #expect(text == String(count, radix: 16) + "\r\n" + String(repeating: "a", count: count) + "\r\n")
    }
}

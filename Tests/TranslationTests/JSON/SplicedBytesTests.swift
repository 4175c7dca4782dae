// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct SplicedBytesTests {
    @Test(arguments: 0..<40)
    func `any part of the whole can be read, in pieces of any size`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let source = (0..<200).map { UInt8(100 + $0 % 100) }
        var written: [UInt8] = []
        var whole: [UInt8] = []
        var splices: [SplicedBytes.Splice] = []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let own = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                UInt8.random(in: 0..<100, using: &generator)
            }
            written += own
            whole += own
            guard Bool.random(using: &generator) else { continue }
            let start = Int.random(in: 0..<source.count, using: &generator)
            let range = start..<Int.random(in: start...source.count, using: &generator)
            splices.append(.init(offset: written.count, range: range))
            whole += source[range]
        }
        let spliced = SplicedBytes(written, splicing: splices, of: source)
        #expect(spliced.count == whole.count)
        #expect(spliced.bytes == whole)
        for size in [1, 2, 7, 64, 1000] {
            for position in 0...whole.count {
                let part = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                    count = unsafe spliced.copy(from: position, to: UnsafeMutableRawBufferPointer(buffer))
                }
                #expect(part == Array(whole[position...].prefix(size)))
            }
        }
    }

    @Test func `a writer counts and takes back what it did not copy`() throws {
        let text = String(repeating: "long ", count: 400)
        let document = try JSONDocument(parsing: Array(#"["\#(text)","short"]"#.utf8))
        let (long, short) = (JSONNode(index: 1), JSONNode(index: 2))
        var writer = JSONWriter(reservingCapacity: 0, splicing: document)
        writer.raw("a")
        writer.contents(long, of: document)
        let first = writer.count
        #expect(first == 2_001)
        writer.contents(long, of: document)
        writer.raw("b")
        writer.truncate(to: first)
        writer.contents(short, of: document)
        // Of a document with the same text that is not the same.
        try writer.contents(long, of: JSONDocument(parsing: document.bytes + [0x20]))
        #expect(writer.count == 4_006)
        let whole = writer.takeSpliced()
        #expect(String(decoding: whole.bytes, as: UTF8.self) == "a" + text + "short" + text)
        #expect(writer.count == 0)
    }
}

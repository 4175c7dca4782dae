// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Server

@Suite struct InflaterTests {
    private static let text = Array("{\"messages\":[\(String(repeating: "\"words\",", count: 20))0]}".utf8)

    /// What `pieces` come to, one after the other.
    private func inflate(
        _ pieces: [[UInt8]], _ coding: ContentCoding, limit: Int = .max,
    ) -> (bytes: [UInt8], outcome: Inflater.Outcome, isComplete: Bool) {
        let inflater = Inflater(coding)
        var bytes: [UInt8] = []
        for piece in pieces {
            let outcome = unsafe piece.withUnsafeBytes { piece in
                unsafe inflater.inflate(piece) { part in
                    guard bytes.count + part.count <= limit else { return false }
                    unsafe bytes.append(contentsOf: part)
                    return true
                }
            }
            guard outcome == .decoded else { return (bytes, outcome, inflater.isComplete) }
        }
        return (bytes, .decoded, inflater.isComplete)
    }

    @Test(arguments: [
        (ContentCoding.gzip, Compressed.Format.gzip), (.deflate, .zlib), (.deflate, .raw),
    ])
    func `a body is the same at every cut`(coding: ContentCoding, format: Compressed.Format) {
        let data = Compressed.bytes(Self.text, as: format)
        for cut in 0...data.count {
            let result = self.inflate([Array(data[..<cut]), Array(data[cut...])], coding)
            #expect(result == (Self.text, .decoded, true), "cut at \(cut)")
        }
        #expect(self.inflate(data.map { [$0] }, coding) == (Self.text, .decoded, true))
    }

    @Test(arguments: [
        (ContentCoding.gzip, Compressed.Format.gzip), (.deflate, .zlib), (.deflate, .raw),
    ])
    func `the end is noticed`(coding: ContentCoding, format: Compressed.Format) {
        let data = Compressed.bytes(Self.text, as: format)
        for cut in 1..<data.count {
            #expect(!self.inflate([Array(data[..<cut])], coding).isComplete, "cut at \(cut)")
        }
        #expect(self.inflate([], coding) == ([], .decoded, true))
    }

    @Test func `members of gzip follow one another, and nothing else follows`() {
        let data = Compressed.bytes([1, 2, 3])
        for cut in 0...(2 * data.count) {
            let pieces = [Array((data + data)[..<cut]), Array((data + data)[cut...])]
            #expect(self.inflate(pieces, .gzip) == ([1, 2, 3, 1, 2, 3], .decoded, true))
        }
        #expect(self.inflate([data + [0]], .gzip).isComplete == false)
        #expect(self.inflate([data, Array("xx".utf8)], .gzip).outcome == .malformed)
        #expect(self.inflate([Compressed.bytes([1], as: .zlib), [1]], .deflate).outcome == .malformed)
        #expect(self.inflate([Compressed.bytes([1], as: .zlib) + [1]], .deflate).outcome == .malformed)
    }

    @Test func `a large body comes in pieces, and only as long as they are wanted`() {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 5_000) }
        let data = Compressed.bytes(body)
        #expect(self.inflate([data], .gzip) == (body, .decoded, true))
        let cut = self.inflate([data], .gzip, limit: 100_000)
        #expect(cut.outcome == .refused)
        #expect(cut.bytes.count <= 100_000)
    }

    @Test(arguments: [ContentCoding.gzip, .deflate])
    func `what is no such data is malformed, whatever it is`(coding: ContentCoding) {
        #expect(self.inflate([Array("{\"model\":\"x\"}".utf8)], coding).outcome == .malformed)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            var data = Compressed.bytes(Self.text, as: coding == .gzip ? .gzip : .zlib)
            data[Int.random(in: 0..<data.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
            let result = self.inflate([data], coding)
            // Some bytes of a head mean nothing; a change of the content does not get through its checksum.
            if result.outcome == .decoded, result.isComplete { #expect(result.bytes == Self.text) }
        }
    }
}

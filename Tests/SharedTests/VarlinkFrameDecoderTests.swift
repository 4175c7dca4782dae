// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct VarlinkFrameDecoderTests {
    private static let frames = [Array(#"{"method":"a.b.C"}"#.utf8), Array("x".utf8), Array(#"{"é":"日本"}"#.utf8)]
    private static var stream: [UInt8] { Self.frames.flatMap { $0 + [0] } }

    private func drain(_ decoder: inout VarlinkFrameDecoder) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    @Test func `a stream cut anywhere gives the same frames`() throws {
        let stream = Self.stream
        for first in 0...stream.count {
            for second in first...stream.count {
                var decoder = VarlinkFrameDecoder()
                var frames: [[UInt8]] = []
                for piece in [stream[..<first], stream[first..<second], stream[second...]] {
                    decoder.receive(piece)
                    frames += try self.drain(&decoder)
                }
                #expect(frames == Self.frames, "cut at \(first) and \(second)")
                #expect(!decoder.hasPartialFrame)
            }
        }
    }

    @Test func `single bytes give the same frames`() throws {
        var decoder = VarlinkFrameDecoder()
        var frames: [[UInt8]] = []
        for byte in Self.stream {
            decoder.receive([byte])
            frames += try self.drain(&decoder)
        }
        #expect(frames == Self.frames)
    }

    @Test func `frames that came together are all there`() throws {
        var decoder = VarlinkFrameDecoder()
        decoder.receive(Self.stream)
        #expect(try self.drain(&decoder) == Self.frames)
    }

    @Test func `a frame of exactly the limit passes`() throws {
        var decoder = VarlinkFrameDecoder(limit: 4)
        decoder.receive([1, 2, 3, 4])
        #expect(try decoder.next() == nil)
        decoder.receive([0])
        #expect(try decoder.next() == [1, 2, 3, 4])
    }

    @Test func `one byte more is refused before its end has come`() {
        var decoder = VarlinkFrameDecoder(limit: 4)
        decoder.receive([1, 2, 3, 4, 5])
        #expect(throws: VarlinkFramingError.frameTooLong(limit: 4)) { try decoder.next() }
    }

    @Test func `one byte more is refused when its end came with it`() {
        var decoder = VarlinkFrameDecoder(limit: 4)
        decoder.receive([1, 2, 3, 4, 5, 0])
        #expect(throws: VarlinkFramingError.frameTooLong(limit: 4)) { try decoder.next() }
    }

    @Test func `an empty frame is refused`() throws {
        var decoder = VarlinkFrameDecoder()
        decoder.receive([7, 0, 0])
        #expect(try decoder.next() == [7])
        #expect(throws: VarlinkFramingError.emptyFrame) { try decoder.next() }
    }

    @Test func `a peer that stops in the middle is noticed`() throws {
        var decoder = VarlinkFrameDecoder()
        decoder.receive([1, 0, 2])
        #expect(try decoder.next() == [1])
        #expect(try decoder.next() == nil)
        #expect(decoder.hasPartialFrame)
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Shared

@Suite struct VarlinkFuzzTests {
    private static let method = #"{"method":"io.qwenproxy.Control."#

    @Test func `frames are the same at any cut, and no call does harm`() async throws {
        var fuzzing = Fuzzing(
            "varlink",
            seeds: [
                Self.method + "GetStatus\"}\0",
                Self.method + #"Monitor","parameters":{"interval":250},"more":true}"# + "\0",
                Self.method + #"SetLogLevel","parameters":{"level":"debug","subsystem":null},"oneway":true}"# + "\0",
                #"{"method":"org.varlink.service.GetInfo","parameters":{}}"# + "\0" + Self.method + "Stop\"}\0",
            ],
            vocabulary: [
                "\0", "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1", "9223372036854775808", "1e999",
                "\"more\":1", "\"parameters\":[]", "\\ud83d", "Login", "Restart", "org.varlink.",
            ])
        try await fuzzing.run { input in
            let whole = Self.frames([input[...]])
            #expect(whole == Self.frames(input.indices.map { input[$0...$0] }))
            for frame in whole.frames { _ = try? IncomingCall(frame: frame).operation }
        }
    }

    private struct Reading: Equatable {
        var frames: [[UInt8]] = []
        var error: VarlinkFramingError?
    }

    private static func frames(_ pieces: [ArraySlice<UInt8>]) -> Reading {
        var decoder = VarlinkFrameDecoder(limit: 200)
        var reading = Reading()
        do throws(VarlinkFramingError) {
            for piece in pieces {
                decoder.receive(piece)
                while let frame = try decoder.next() { reading.frames.append(frame) }
            }
        } catch {
            reading.error = error
        }
        return reading
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import qwenproxyctl

@Suite struct QRCodeTests {
    private static let decoder = "/usr/bin/zbarimg"
    private static let address = "https://chat.qwen.ai/authorize?user_code=ABCD-1234&client=qwen-code"

    private static func texts() -> [String] {
        // The smallest and the largest text of each version, and one with bytes of all kinds.
        let lengths = [1] + QRVersion.all.flatMap { [$0.capacity, $0.capacity + 1] }.dropLast()
        let letters = Array(
            "https://chat.qwen.ai/?=&abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_~%0123456789")
        let plain = lengths.map { length in String((0..<length).map { letters[($0 * 31 + length) % letters.count] }) }
        return plain + [Self.address, "Grüße, 你好"]
    }

    /// As a picture of which each module is a square of four pixels.
    private func picture(_ code: QRCode) -> Data {
        let scale = 4
        let rows = code.lines().flatMap { line -> [[Bool]] in
            let upper = line.map { $0 == "█" || $0 == "▀" }
            let lower = line.map { $0 == "█" || $0 == "▄" }
            return [upper, lower]
        }
        var data = Data("P5\n\(code.width * scale) \(rows.count * scale)\n255\n".utf8)
        for row in rows {
            let pixels = row.flatMap { Array(repeating: $0 ? UInt8(255) : 0, count: scale) }
            for _ in 0..<scale { data.append(contentsOf: pixels) }
        }
        return data
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: Self.decoder)
                || ProcessInfo.processInfo.environment["CI"] == "true", "needs zbarimg: make test-deps"),
        arguments: Self.texts())
    func `another program reads what was written`(text: String) async throws {
        let code = try #require(QRCode(text))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("qr-\(UUID().uuidString).pgm")
        try self.picture(code).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try await ChildProcess.run(
            Self.decoder, ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file.path])
        #expect(output.output == text + "\n")
    }

    @Test func `the smallest version that takes the text is chosen`() throws {
        // The capacities of level M in the standard's table 7.
        #expect(QRVersion.all.map(\.capacity) == [14, 26, 42, 62, 84, 106, 122, 152, 180, 213])
        #expect(try #require(QRCode(Self.address)).matrix.size == 37)
        #expect(QRCode(String(repeating: "a", count: 214)) == nil)
    }

    @Test func `error correction is the standard's own example`() {
        // ISO/IEC 18004, annex I: "01234567" at 1-M.
        let data: [UInt8] = [
            0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11,
        ]
        let correction: [UInt8] = [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55]
        #expect(ReedSolomon(count: 10).correction(for: data) == correction)
    }

    @Test func `a line of text is two rows of modules, with room around them`() throws {
        let code = try #require(QRCode("x"))
        #expect(code.width == 29)
        #expect(code.lines().count == 15)
        #expect(code.lines()[0] == String(repeating: "█", count: 29))
        #expect(code.lines().allSatisfy { $0.hasPrefix("████") && $0.hasSuffix("████") || $0 == code.lines().last })
    }
}

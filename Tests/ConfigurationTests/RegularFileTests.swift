// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import Testing

@testable import Configuration

@Suite struct RegularFileTests {
    let scratch = Scratch()

    @Test func `a file is read with its permissions`() throws {
        let text = String(repeating: "x", count: 10_000)
        let file = try RegularFile.read(try self.scratch.write(text, to: "f", permissions: 0o640), limit: 10_000)
        #expect(file.bytes == Array(text.utf8))
        #expect(file.isReadableByOthers)
        #expect(abs(file.modified.timeIntervalSinceNow) < 60)
    }

    @Test func `what is not a file of moderate size is refused, and nothing waits`() throws {
        let path = try self.scratch.write("12345", to: "f")
        #expect(throws: RegularFile.Failure.tooLarge(limit: 4)) { try RegularFile.read(path, limit: 4) }
        #expect(throws: RegularFile.Failure.missing) { try RegularFile.read(path + "x", limit: 4) }
        #expect(throws: RegularFile.Failure.missing) { try RegularFile.read(path + "/x", limit: 4) }
        #expect(throws: RegularFile.Failure.notRegular) { try RegularFile.read(self.scratch.path, limit: 4) }
        #expect(throws: RegularFile.Failure.notRegular) { try RegularFile.read("/dev/zero", limit: 4) }
        let fifo = self.scratch.path + "/fifo"
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        #expect(throws: RegularFile.Failure.notRegular) { try RegularFile.read(fifo, limit: 4) }
    }
}

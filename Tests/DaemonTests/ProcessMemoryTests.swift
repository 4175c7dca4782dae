// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import qwenproxyd

@Suite struct ProcessMemoryTests {
    /// Sanitizers bring an allocator of their own, which keeps what is freed.
    private static let isSanitized =
        ProcessEnvironment.variables.keys.contains { $0 == "ASAN_OPTIONS" || $0 == "TSAN_OPTIONS" }

    /// How many pages of these bytes are in memory (mincore(2)).
    private func residentPages(at start: UInt, count: Int) -> Int {
        let page = sysconf(Int32(_SC_PAGESIZE))
        var pages = [UInt8](repeating: 0, count: count / page)
        let first = unsafe UnsafeMutableRawPointer(bitPattern: start)!
        // What is not mapped any more is in memory even less.
        guard unsafe mincore(first, count, &pages) == 0 else { return 0 }
        return pages.count { $0 & 1 == 1 }
    }

    @Test(.disabled(if: Self.isSanitized)) func `freed memory goes back to the system when that is asked for`() {
        // Blocks of 8 MB and more go back at once.
        let count = 4 << 20
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 4_096)
        _ = unsafe block.initializeMemory(as: UInt8.self, repeating: 1)
        let start = UInt(bitPattern: block.baseAddress!)
        let used = self.residentPages(at: start, count: count)
        #expect(used > 0)
        unsafe block.deallocate()
        let kept = self.residentPages(at: start, count: count)
        ProcessMemory.release()
        let left = self.residentPages(at: start, count: count)
        // Other tests may get a part of the block at any moment.
        #expect(kept > used / 2)
        #expect(left < used / 2)
    }
}

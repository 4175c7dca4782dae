// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The input that is being run, in a file that is mapped: it is still there after a crash, and writing it costs a copy.
@safe struct CurrentInput: ~Copyable {
    private static let size = 1 << 16

    private let memory: UnsafeMutableRawPointer

    init?(path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(Self.size)) == 0,
            let memory = unsafe mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            unsafe memory != MAP_FAILED
        else { return nil }
        unsafe self.memory = memory
    }

    deinit { unsafe munmap(self.memory, Self.size) }

    func store(_ input: [UInt8]) {
        let count = min(input.count, Self.size - 8)
        unsafe self.memory.storeBytes(of: count, as: Int.self)
        unsafe UnsafeMutableRawBufferPointer(start: self.memory + 8, count: count).copyBytes(from: input.prefix(count))
    }

    func load() -> [UInt8] {
        let count = min(max(unsafe self.memory.load(as: Int.self), 0), Self.size - 8)
        return unsafe Array(UnsafeRawBufferPointer(start: self.memory + 8, count: count))
    }
}

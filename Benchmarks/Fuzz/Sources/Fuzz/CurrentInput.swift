// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The input that is being run, in a file that is mapped: it is still there after a crash, writing it costs a copy, and
/// another process can see whether the work goes on.
@safe struct CurrentInput: ~Copyable {
    private static let size = 1 << 16
    /// How many inputs there were, and how long this one is.
    private static let header = 16

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

    /// How many inputs were stored.
    var count: Int { unsafe self.memory.load(as: Int.self) }

    func store(_ input: [UInt8]) {
        let size = min(input.count, Self.size - Self.header)
        unsafe self.memory.storeBytes(of: self.count + 1, as: Int.self)
        unsafe self.memory.storeBytes(of: size, toByteOffset: 8, as: Int.self)
        unsafe UnsafeMutableRawBufferPointer(start: self.memory + Self.header, count: size)
            .copyBytes(from: input.prefix(size))
    }

    func load() -> [UInt8] {
        let size = min(max(unsafe self.memory.load(fromByteOffset: 8, as: Int.self), 0), Self.size - Self.header)
        return unsafe Array(UnsafeRawBufferPointer(start: self.memory + Self.header, count: size))
    }
}

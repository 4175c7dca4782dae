// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The program that this process runs.
public enum OwnProgram {
    /// The file it was started from; nil where /proc is not there. Once the file is replaced, the kernel says "(deleted)"
    /// behind its name.
    public static var path: String? {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let room = buffer.count
            count = unsafe buffer.withMemoryRebound(to: CChar.self) { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return max(0, unsafe readlink("/proc/self/exe", base, room))
            }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}

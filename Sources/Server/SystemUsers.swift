// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The system's users and groups, by name and by number.
package enum SystemUsers {
    /// The user of this name, or of this number in digits.
    package static func user(_ name: String) -> UInt32? {
        unsafe Self.entry { buffer, size -> (UInt32?, CInt) in
            var (entry, result) = unsafe (passwd(), UnsafeMutablePointer<passwd>?.none)
            let code = unsafe getpwnam_r(name, &entry, buffer, size, &result)
            return unsafe (result == nil ? nil : entry.pw_uid, code)
        } ?? UInt32(name)
    }

    /// The group of this name, or of this number in digits.
    package static func group(_ name: String) -> UInt32? {
        unsafe Self.entry { buffer, size -> (UInt32?, CInt) in
            var (entry, result) = unsafe (Glibc.group(), UnsafeMutablePointer<Glibc.group>?.none)
            let code = unsafe getgrnam_r(name, &entry, buffer, size, &result)
            return unsafe (result == nil ? nil : entry.gr_gid, code)
        } ?? UInt32(name)
    }

    /// All groups that `user` is in, up to a thousand.
    static func groups(of user: UInt32) -> Set<UInt32> {
        let groups = unsafe Self.entry { buffer, size -> ([UInt32]?, CInt) in
            var (entry, result) = unsafe (passwd(), UnsafeMutablePointer<passwd>?.none)
            let code = unsafe getpwuid_r(user, &entry, buffer, size, &result)
            guard unsafe result != nil else { return (nil, code) }
            var list = [gid_t](repeating: 0, count: 1_024)
            var count = CInt(list.count)
            // It returns -1 when there are more; those that fit are in the list all the same.
            _ = unsafe getgrouplist(entry.pw_name, entry.pw_gid, &list, &count)
            return (Array(list.prefix(Int(count))), code)
        }
        return Set(groups ?? [])
    }

    /// Calls `body` with room for the texts of an entry, and again with more when it says ERANGE.
    private static func entry<Value>(_ body: (UnsafeMutablePointer<CChar>, Int) -> (Value?, CInt)) -> Value? {
        var size = 1_024
        // Bounded, whatever a directory service says.
        while size <= 1 << 20 {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { unsafe buffer.deallocate() }
            let (value, code) = unsafe body(buffer, size)
            if code != ERANGE { return value }
            size *= 4
        }
        return nil
    }
}

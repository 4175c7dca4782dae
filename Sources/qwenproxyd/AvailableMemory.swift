// SPDX-License-Identifier: Apache-2.0

import Shared

/// How much memory this process may use: the machine's, or less where a control group bounds it.
enum AvailableMemory {
    /// In bytes; nil when nothing tells.
    static func bytes() -> Int? {
        Self.bytes { path in
            // The files of /proc have no size, and these are short.
            (try? RegularFile.read(path, limit: 64 << 10)).map { String(decoding: $0.bytes, as: UTF8.self) }
        }
    }

    /// - Parameter read: gives the text of a file, or nil when there is none.
    static func bytes(read: (String) -> String?) -> Int? {
        let groups = (read("/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line in
            Self.limitFiles(of: line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false))
        }
        // "max" is no number, and without a limit the older kind has one near the largest number.
        let limits = groups.compactMap { read($0).flatMap { Int($0.split { $0.isWhitespace }.first ?? "") } }
        return (limits + [Self.machine(read("/proc/meminfo") ?? "")].compactMap(\.self)).filter { $0 > 0 }.min()
    }

    private static func machine(_ text: String) -> Int? {
        let words = text.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }?.split { $0 == " " || $0 == "\t" }
        // /proc/meminfo counts in kibibytes.
        guard let kilobytes = words?.dropFirst().first.flatMap({ Int($0) }), kilobytes < .max >> 10 else { return nil }
        return kilobytes << 10
    }

    /// The files that can bound the memory of a group, its own and those of the groups around it (cgroups(7)).
    private static func limitFiles(of line: [Substring]) -> [String] {
        guard line.count == 3 else { return [] }
        let isUnified = line[0] == "0" && line[1].isEmpty
        guard isUnified || line[1].split(separator: ",").contains("memory") else { return [] }
        let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
        let names = isUnified ? ["memory.max", "memory.high"] : ["memory.limit_in_bytes"]
        var group = root
        var groups = [group]
        // A group outside of the process's namespace begins with "..", and has no files here (cgroup_namespaces(7)).
        for name in line[2].split(separator: "/") where name != ".." {
            group += "/\(name)"
            groups.append(group)
        }
        return groups.flatMap { group in names.map { "\(group)/\($0)" } }
    }
}

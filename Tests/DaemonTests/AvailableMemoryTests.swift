// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import qwenproxyd

@Suite struct AvailableMemoryTests {
    private func bytes(_ files: [String: String]) -> Int? {
        AvailableMemory.bytes { files[$0] }
    }

    private let machine = ["/proc/meminfo": "MemTotal:       16000 kB\nMemFree:  1 kB\n"]

    @Test func `without a control group it is the machine's`() {
        #expect(self.bytes(self.machine) == 16_000 << 10)
        #expect(self.bytes([:]) == nil)
        #expect(self.bytes(["/proc/meminfo": "nonsense"]) == nil)
        #expect(self.bytes(["/proc/meminfo": "MemTotal: 9223372036854775807 kB\n"]) == nil)
    }

    @Test(arguments: [
        ("/sys/fs/cgroup/user.slice/a.service/memory.max", "4000000\n", 4_000_000),
        ("/sys/fs/cgroup/user.slice/a.service/memory.high", "3000000\n", 3_000_000),
        ("/sys/fs/cgroup/user.slice/memory.max", "5000000\n", 5_000_000),
        ("/sys/fs/cgroup/memory.max", "6000000\n", 6_000_000),
        ("/sys/fs/cgroup/user.slice/a.service/memory.max", "max\n", 16_000 << 10),
        ("/sys/fs/cgroup/user.slice/a.service/memory.max", "99999999999999\n", 16_000 << 10),
        ("/sys/fs/cgroup/user.slice/a.service/memory.max", "", 16_000 << 10),
        ("/sys/fs/cgroup/other/memory.max", "1\n", 16_000 << 10),
    ])
    func `a control group, or one around it, bounds it`(path: String, text: String, expected: Int) {
        var files = self.machine
        files["/proc/self/cgroup"] = "0::/user.slice/a.service\n"
        files[path] = text
        #expect(self.bytes(files) == expected)
    }

    @Test func `the older control groups have a file of another name`() {
        var files = self.machine
        files["/proc/self/cgroup"] = "12:cpu,cpuacct:/x\n7:memory:/y\n0::/z\nnonsense\n"
        files["/sys/fs/cgroup/memory/y/memory.limit_in_bytes"] = "2000000\n"
        files["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n"
        #expect(self.bytes(files) == 2_000_000)
    }

    @Test func `this machine has some`() {
        #expect((AvailableMemory.bytes() ?? 0) > 16 << 20)
    }
}

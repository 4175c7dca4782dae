// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import qwenproxyctl

@Suite struct ConfigurationOwnerTests {
    /// The system's files may set what they like: the user's are read after them.
    @Test func `a user's changes go to the user's own files, the administrator's to the system's`() {
        let user = ConfigurationOwner(own: "/home/alice/c", system: "/etc/c", mayChangeSystem: false)
        #expect(user.directory(for: "/etc/c") == "/home/alice/c")
        #expect(user.directory(for: "/elsewhere") == "/elsewhere")
        let administrator = ConfigurationOwner(own: "/root/c", system: "/etc/c", mayChangeSystem: true)
        #expect(administrator.directory(for: "/etc/c") == "/etc/c")
        #expect(administrator.directory(for: "/root/c") == "/root/c")
    }
}

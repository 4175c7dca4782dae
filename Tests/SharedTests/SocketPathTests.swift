// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct SocketPathTests {
    @Test func `an explicit path stands alone`() {
        let environment = ["QWEN_CONTROL_SOCKET": "/x/y.sock", "XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(SocketPath.candidates(environment: environment) == ["/x/y.sock"])
    }

    @Test func `the user's runtime directory comes before the system's`() {
        let paths = ["/run/user/7/qwenproxyd/control.sock", "/run/qwenproxyd/control.sock"]
        #expect(SocketPath.candidates(environment: ["XDG_RUNTIME_DIR": "/run/user/7"]) == paths)
        #expect(SocketPath.candidates(environment: ["XDG_RUNTIME_DIR": "/run/user/7/"]) == paths)
        #expect(SocketPath.default(environment: ["XDG_RUNTIME_DIR": "/run/user/7"]) == paths[0])
    }

    @Test func `the daemon that the system runs for a user comes last`() {
        let paths = SocketPath.candidates(environment: [:], user: "alice")
        #expect(paths == ["/run/qwenproxyd/control.sock", "/run/qwenproxyd/alice/control.sock"])
    }

    @Test(arguments: [[:], ["XDG_RUNTIME_DIR": "", "QWEN_CONTROL_SOCKET": ""], ["XDG_RUNTIME_DIR": "relative"]])
    func `without a usable variable there is the system's`(environment: [String: String]) {
        #expect(SocketPath.candidates(environment: environment) == ["/run/qwenproxyd/control.sock"])
    }
}

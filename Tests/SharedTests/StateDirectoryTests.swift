// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct StateDirectoryTests {
    @Test(arguments: [
        (["STATE_DIRECTORY": "/var/lib/qwenproxyd/ada", "HOME": "/home/ada"], "/var/lib/qwenproxyd/ada"),
        (["STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "HOME": "/home/ada"], "/var/lib/a"),
        (["STATE_DIRECTORY": "", "XDG_STATE_HOME": "/s", "HOME": "/home/ada"], "/s/qwenproxyd"),
        (["XDG_STATE_HOME": "s", "HOME": "/home/ada"], "/home/ada/.local/state/qwenproxyd"),
        (["HOME": "/home/ada"], "/home/ada/.local/state/qwenproxyd"),
        (["HOME": ""], nil), ([:], nil),
    ])
    func `the state lies where the environment says`(_ environment: [String: String], _ path: String?) {
        #expect(StateDirectory.path(environment: environment) == path)
    }
}

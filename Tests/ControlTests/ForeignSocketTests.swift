// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A socket of another user's in the daemon's place, where a directory lets others write.
@Suite struct ForeignSocketTests {
    /// Listens at the path and prints a line when it does, then what the first client sends.
    private static let listener = """
        import os, socket, sys
        server = socket.socket(socket.AF_UNIX)
        server.bind(sys.argv[1])
        os.chmod(sys.argv[1], 0o666)
        server.listen()
        print("listening", flush=True)
        client = server.accept()[0]
        print(len(client.recv(1000)), flush=True)
        """

    @Test(
        .enabled(
            if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"),
            "only root can start a program of another user"),
        .timeLimit(.minutes(1)))
    func `nothing is sent to what listens for another user`() async throws {
        let home = try TemporaryDirectory("f")
        let directory = try home.makeDirectory("open")
        for path in [home.path, directory] {
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
        }
        let path = directory + "/control.sock"
        let impostor = try ChildProcess(
            "/usr/bin/setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", Self.listener, path,
            ], environment: [:])
        while !impostor.output.contains("listening") {
            try #require(impostor.isRunning, "\(impostor.errorOutput)")
            try await Task.sleep(for: .milliseconds(20))
        }
        let outcome = try await ChildProcess.run(
            BuiltProducts.control, ["status", "--socket", path, "--timeout", "20"], environment: [:])
        #expect(outcome.status != 0)
        #expect(outcome.errorOutput.contains("What listens on \(path) belongs to user 65534"), "\(outcome)")
        #expect(outcome.errorOutput.contains("of its own user or of root only"), "\(outcome)")
        // It got a connection and not a byte.
        #expect(try await impostor.outcome().output == "listening\n0\n")
    }
}

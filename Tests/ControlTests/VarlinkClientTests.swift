// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

private let python = ProcessInfo.processInfo.environment["QWENPROXYD_TEST_PYTHON"]

/// The reference client of another project, which shares no code and no assumptions with ours.
@Suite(.enabled(if: python != nil, "QWENPROXYD_TEST_PYTHON names a Python with the varlink package"))
struct VarlinkClientTests {
    private static let script = """
        import sys, json, varlink
        with varlink.Client.new_with_address("unix:" + sys.argv[1]) as client:
            with client.open("io.qwenproxy.Control") as control:
                status = control.GetStatus()
                level = control.SetLogLevel("debug")
                report = control.Reload()
                try:
                    control.SetLogLevel("loud")
                    error = None
                except varlink.VarlinkError as e:
                    error = e.error()
            with client.open("org.varlink.service") as service:
                info = service.GetInfo()
        print(json.dumps({"status": status, "level": level, "report": report, "error": error, "info": info}))
        """

    @Test(.timeLimit(.minutes(1))) func `introspects and calls`() async throws {
        let fake = ControlFake()
        let output = try await withControlService(fake) { path in
            try await ChildProcess.run(try #require(python), ["-c", Self.script, path])
        }
        #expect(output.status == 0, "\(output.errorOutput)")
        let object = try JSONSerialization.jsonObject(with: Data(output.output.utf8)) as? [String: Any]
        let status = object?["status"] as? [String: Any]
        #expect(status?["pid"] as? Int == 4711)
        #expect((object?["level"] as? [String: Any])?["level"] as? String == "debug")
        #expect((object?["report"] as? [String: Any])?["changed"] as? [String] == ["retry.max_retries"])
        #expect(object?["error"] as? String == "org.varlink.service.InvalidParameter")
        let info = object?["info"] as? [String: Any]
        #expect(info?["interfaces"] as? [String] == ["io.qwenproxy.Control", "org.varlink.service"])
        #expect(fake.events == [.status, .setLogLevel(.debug, nil), .reload])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the programs under test are.
public enum BuiltProducts {
    /// The directory of the test bundle, which is where the build puts the executables as well; another build can be
    /// tested by naming its directory.
    public static var directory: String {
        if let named = ProcessInfo.processInfo.environment["QWENPROXYD_TEST_PRODUCTS"] { return named }
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    public static var daemon: String { self.directory + "/qwenproxyd" }
    public static var control: String { self.directory + "/qwenproxyctl" }
}

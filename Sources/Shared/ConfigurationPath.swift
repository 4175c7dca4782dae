// SPDX-License-Identifier: Apache-2.0

/// Where the configuration file is looked for. The daemon reads the first that exists, the client edits it.
public enum ConfigurationPath {
    /// Names a file that stands alone.
    public static let environmentVariable = "QWEN_CONFIG"

    /// The name of the file in each of the usual directories.
    public static let name = "config.toml"

    /// - Parameter configurationHome: XDG_CONFIG_HOME, if it is set to an absolute path.
    public static func directories(configurationHome: String?, home: String) -> [String] {
        ["\(configurationHome ?? "\(home)/.config")/qwenproxyd", "/etc/qwenproxyd"]
    }
}

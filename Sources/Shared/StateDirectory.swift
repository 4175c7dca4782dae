// SPDX-License-Identifier: Apache-2.0

/// Where both programs keep what they have to remember.
public enum StateDirectory {
    private static let name = "qwenproxyd"

    /// `$STATE_DIRECTORY`, which systemd makes for a unit with `StateDirectory=`, else below `$XDG_STATE_HOME` or
    /// `~/.local/state` (XDG base directory specification). Nil when the environment names no such place.
    public static func path(environment: [String: String]) -> String? {
        // A unit with several directories gets them all, separated by colons.
        if let directories = environment["STATE_DIRECTORY"],
            let first = directories.split(separator: ":").first, first.hasPrefix("/")
        {
            return String(first)
        }
        // The specification tells us to ignore a relative path.
        if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") { return "\(home)/\(Self.name)" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.local/state/\(Self.name)"
    }
}

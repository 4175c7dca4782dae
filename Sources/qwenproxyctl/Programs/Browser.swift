// SPDX-License-Identifier: Apache-2.0

/// The user's web browser, where there is a display to show it on.
struct Browser {
    private let opener: ExternalProgram

    init?() {
        let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains { ProcessEnvironment.value($0) != nil }
        guard hasDisplay, let opener = ExternalProgram(named: "xdg-open") else { return nil }
        self.opener = opener
    }

    /// Only a web page is opened.
    func open(_ address: String) {
        // The address comes from a server: it must not be taken for an option or a file.
        guard address.hasPrefix("https://") || address.hasPrefix("http://127.0.0.1:") else { return }
        // Some browsers stay in front of xdg-open until they are closed. When it fails, the address is on the screen.
        try? self.opener.start([address])
    }
}

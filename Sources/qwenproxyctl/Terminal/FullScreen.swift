// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Shared

/// The terminal as a program has it to itself: the alternate screen, no cursor, every key at once. It is given back as it
/// was when this value ends, however that comes about.
struct FullScreen: ~Copyable {
    enum Event: Equatable {
        case key(UInt8)
        case resized
        /// By a signal, or because the terminal is gone.
        case ended
        /// The watched descriptor has something to read.
        case readable
    }

    private let original: termios
    private let signals: OwnedDescriptor

    /// Nil when the terminal does not let us, with the reason in `errno`.
    init?() {
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        let descriptor = qp_screen_signal_descriptor()
        guard descriptor >= 0 else { return nil }
        self.original = settings
        self.signals = OwnedDescriptor(descriptor)
        self.enter()
    }

    deinit {
        Self.restore(self.original)
    }

    func draw(_ lines: [StyledText]) {
        let isColoured = Terminal.isColoured
        // Overwritten line by line: clearing everything first would flicker.
        let text = lines.map { $0.rendered(isColoured: isColoured) + "\u{1B}[K" }.joined(separator: "\r\n")
        // No line end after the last line: it would scroll a full screen by one.
        Terminal.control("\u{1B}[H\(text)\u{1B}[J")
    }

    /// Waits for whatever comes first.
    func wait(watching descriptor: CInt) -> Event {
        while true {
            var entries = [STDIN_FILENO, self.signals.rawValue, descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard unsafe poll(&entries, nfds_t(entries.count), -1) > 0 else { continue }
            // Signals before keys and reports: Ctrl-C must work while reports come without a pause.
            if entries[1].revents != 0, let event = self.signalEvent() { return event }
            if entries[0].revents != 0 { return Self.key() }
            if entries[2].revents != 0 { return .readable }
        }
    }

    private func signalEvent() -> Event? {
        switch qp_next_signal(self.signals.rawValue) {
        case 0:
            return nil
        case SIGWINCH:
            return .resized
        case SIGTSTP:
            Self.restore(self.original)
            // The shell has the terminal until it lets us go on. SIGTSTP itself is blocked for the descriptor's sake, and
            // would not stop us.
            kill(getpid(), SIGSTOP)
            self.enter()
            return .resized
        default:
            return .ended
        }
    }

    private static func key() -> Event {
        var byte: UInt8 = 0
        let count = unsafe read(STDIN_FILENO, &byte, 1)
        // Nothing was typed. To draw once more does no harm.
        if count < 0, errno == EINTR || errno == EAGAIN { return .resized }
        return count == 1 ? .key(byte) : .ended
    }

    private func enter() {
        var settings = self.original
        // Signals of the keyboard stay: Ctrl-C and Ctrl-Z come as signals.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        Terminal.control("\u{1B}[?1049h\u{1B}[?25l")
    }

    private static func restore(_ original: termios) {
        var settings = original
        Terminal.control("\u{1B}[?25h\u{1B}[?1049l")
        // After what was written has reached the terminal, which is what these sequences are for.
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }
}

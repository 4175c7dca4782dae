// SPDX-License-Identifier: Apache-2.0

/// The one place that knows which release this is; both executables and the control interface report it.
public enum Version {
    public static let product = "qwenproxyd"
    public static let current = "0.1.0"
}

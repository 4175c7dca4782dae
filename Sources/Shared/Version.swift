// SPDX-License-Identifier: Apache-2.0

/// The one place that knows which release this is; both executables and the control interface report it.
public enum Version {
    /// The name of the product.
    public static let product = "qwenproxyd"
    /// The release, by Semantic Versioning.
    public static let current = "0.1.0"
}
